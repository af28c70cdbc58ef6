// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.locator.raft;

import static java.util.stream.Collectors.toList;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mows.p2p.Eventually;
import io.mows.p2p.locator.Coverage;
import io.mows.p2p.locator.protocol.EntryFactory;
import io.mows.p2p.locator.wire.MessageSeal;
import io.mows.p2p.locator.wire.Seals;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.ratis.server.RaftServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/**
 * What happens to members when something is wrong with their files, their port or their callers.
 */
final class MemberFaultsIT {
  @TempDir Path dir;
  private LocatorCluster cluster;

  @AfterEach
  void closeAll() {
    if (cluster != null) {
      cluster.close();
    }
  }

  private void fill(EntryFactory peer, int entries) throws Exception {
    try (RaftTransport transport = new RaftTransport(cluster.settings())) {
      for (int i = 0; i < entries; i++) {
        LocatorCluster.write(transport, peer.full(0, 100, Coverage.COMPLETE));
      }
    }
  }

  private List<Path> files(int member, String prefix) throws IOException {
    try (Stream<Path> all = Files.walk(cluster.dir(member))) {
      return all.filter(file -> file.getFileName().toString().startsWith(prefix))
          .filter(file -> !file.toString().endsWith(".md5"))
          .sorted()
          .collect(toList());
    }
  }

  private static void damage(Path file, long offset) throws IOException {
    try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
      bytes.seek(offset);
      int old = bytes.read();
      bytes.seek(offset);
      bytes.write(old ^ 0x10);
    }
  }

  private int filesKnown(int member) {
    return cluster.member(member).stateMachine().directory().fileCount();
  }

  private long quarantined(int member) throws IOException {
    try (Stream<Path> children = Files.list(cluster.dir(member))) {
      return children.filter(file -> file.toString().contains(".damaged-")).count();
    }
  }

  @Test
  void shouldSetADamagedSnapshotAsideAndGetAnother() throws Exception {
    cluster = LocatorCluster.started(dir, 3);
    fill(new EntryFactory("a", "chat"), 60);
    int victim = cluster.follower();
    cluster.stop(victim);
    for (Path snapshot : files(victim, "snapshot.")) {
      damage(snapshot, 100);
    }
    cluster.start(victim);
    assertEquals(1, quarantined(victim));
    Eventually.until("everything on the victim", () -> filesKnown(victim) == 100);
  }

  @Test
  void shouldSetADamagedLogAsideAndStartEmptyWhenAlone() throws Exception {
    cluster = LocatorCluster.started(dir, 1);
    EntryFactory peer = new EntryFactory("a", "chat");
    fill(peer, 30);
    cluster.stop(0);
    // Without the snapshot that the end of a member takes, the log is needed.
    for (Path snapshot : files(0, "snapshot.")) {
      Files.delete(snapshot);
    }
    List<Path> logs = files(0, "log_");
    damage(logs.get(0), 5_000);
    cluster.start(0);
    cluster.leader();
    assertEquals(1, quarantined(0));
    assertEquals(0, filesKnown(0));
    fill(peer, 1);
    assertEquals(100, filesKnown(0));
  }

  @Test
  void shouldSayWhatToDoAboutATakenPortAndLeaveTheProcessAlive() throws Exception {
    Thread.UncaughtExceptionHandler handler = Thread.getDefaultUncaughtExceptionHandler();
    cluster = new LocatorCluster(dir, 1, Seals.insecure(), Optional.empty());
    int port = RaftNames.port(cluster.settings().members().get(0));
    try (ServerSocket taken = new ServerSocket(port, 1, InetAddress.getByName("0.0.0.0"))) {
      IOException refused = assertThrows(IOException.class, () -> cluster.start(0));
      assertTrue(
          refused.getMessage().contains("port " + taken.getLocalPort()), refused.getMessage());
      assertTrue(refused.getMessage().contains("alluxio.mows.locator.addresses"));
    }
    assertSame(handler, Thread.getDefaultUncaughtExceptionHandler());
    cluster.startAll();
  }

  @Test
  void shouldStartAMemberAgainThatRatisHasClosed() throws Exception {
    cluster = LocatorCluster.started(dir, 1);
    fill(new EntryFactory("a", "chat"), 5);
    RaftServer.Division closed = cluster.member(0).division();
    closed.close();
    assertFalse(closed.getInfo().isAlive());
    Eventually.until("leader again", () -> cluster.member(0).isLeader());
    assertNotSame(closed, cluster.member(0).division());
    assertEquals(100, filesKnown(0));
  }

  @Test
  void shouldRefuseWhoDoesNotKnowTheSecret() throws Exception {
    MessageSeal seal = Seals.of("the right secret");
    cluster = new LocatorCluster(dir, 3, seal, Optional.empty());
    cluster.startAll();
    EntryFactory peer = new EntryFactory("a", "chat");
    fill(peer, 60); // past a snapshot
    for (MessageSeal wrong : List.of(Seals.insecure(), Seals.of("a wrong secret"))) {
      RaftLocatorSettings intruder =
          new RaftLocatorSettings(
              cluster.settings().members(), wrong, Optional.empty(), LocatorCluster.FAST);
      try (RaftTransport transport = new RaftTransport(intruder)) {
        EntryFactory forged = new EntryFactory("forged", "chat");
        assertRefused(() -> transport.write(forged.full(500, 600, Coverage.COMPLETE)).get());
        assertRefused(() -> transport.read(forged.lookup(List.of(1L))).get());
      }
    }
    assertEquals(100, filesKnown(cluster.leader()));
    cluster.stopAll();
    cluster.startAll();
    assertEquals(100, filesKnown(cluster.leader()), "the sealed snapshot was read");
  }

  @Test
  void shouldSetAsideWhatWasSealedWithAForgottenSecretAndStartEmpty() throws Exception {
    cluster = new LocatorCluster(dir, 1, Seals.of("the old secret"), Optional.empty());
    cluster.startAll();
    EntryFactory peer = new EntryFactory("a", "chat");
    fill(peer, 5);
    cluster.stopAll();
    cluster.use(Seals.of("a new secret"));
    cluster.startAll();
    assertEquals(0, filesKnown(0));
    try (Stream<Path> children = Files.list(cluster.dir(0))) {
      assertEquals(1, children.filter(file -> file.toString().contains(".unopened-")).count());
    }
    fill(peer, 1);
    assertEquals(100, filesKnown(0));
    cluster.stopAll();
    cluster.startAll();
    assertEquals(100, filesKnown(0), "what was sealed with the new secret");
  }

  @Test
  void shouldPassOverALogThatWasSealedWithAForgottenSecret() throws Exception {
    cluster = new LocatorCluster(dir, 1, Seals.of("the old secret"), Optional.empty());
    cluster.startAll();
    EntryFactory peer = new EntryFactory("a", "chat");
    try (RaftTransport transport = new RaftTransport(cluster.settings())) {
      // So little that no file of the log is complete, and deleted with the snapshot.
      LocatorCluster.write(transport, peer.full(0, 5, Coverage.COMPLETE));
    }
    cluster.stopAll();
    for (Path snapshot : files(0, "snapshot.")) {
      Files.delete(snapshot);
    }
    cluster.use(Seals.of("a new secret"));
    cluster.startAll();
    assertEquals(0, filesKnown(0));
    fill(peer, 1);
    assertEquals(100, filesKnown(0));
  }

  @Test
  void shouldKeepEverythingWhileASecretIsRotated() throws Exception {
    cluster = new LocatorCluster(dir, 3, Seals.of("the old secret"), Optional.empty());
    cluster.startAll();
    fill(new EntryFactory("a", "chat"), 60);
    for (MessageSeal step :
        List.of(
            Seals.of("the old secret", "the new secret"),
            Seals.of("the new secret", "the old secret"),
            Seals.of("the new secret"))) {
      cluster.use(step);
      for (int i = 0; i < cluster.size(); i++) {
        cluster.stop(i);
        cluster.start(i);
        cluster.leader();
        int restarted = i;
        Eventually.until("all of it after " + i, () -> filesKnown(restarted) == 100);
      }
      for (int i = 0; i < cluster.size(); i++) {
        int member = i;
        Eventually.until("sealed anew", () -> !cluster.member(member).stateMachine().needsReseal());
      }
    }
    for (int i = 0; i < cluster.size(); i++) {
      try (Stream<Path> children = Files.list(cluster.dir(i))) {
        assertEquals(1, children.count(), "something was set aside");
      }
    }
  }

  @Test
  void shouldSealASnapshotAnewThatNoEntryFollows() throws Exception {
    cluster = new LocatorCluster(dir, 3, Seals.of("the old secret"), Optional.empty());
    cluster.startAll();
    fill(new EntryFactory("a", "chat"), 60);
    int follower = (cluster.leader() + 1) % cluster.size();
    for (MessageSeal step :
        List.of(
            Seals.of("the new secret", "the old secret"),
            Seals.of("the old secret", "the new secret"),
            Seals.of("the new secret", "the old secret"),
            Seals.of("the new secret"))) {
      cluster.stop(follower); // takes a snapshot of all there is
      cluster.use(step);
      cluster.start(follower);
      Eventually.until("all of it", () -> filesKnown(follower) == 100);
      Eventually.until("sealed anew", () -> !cluster.member(follower).stateMachine().needsReseal());
    }
    try (Stream<Path> children = Files.list(cluster.dir(follower))) {
      assertEquals(1, children.count(), "something was set aside");
    }
  }

  @Test
  void shouldRefuseTheWorkersOfAnotherClusterAndSaySo() throws Exception {
    for (String[] secrets : new String[][] {{}, {"the same secret in both"}}) {
      cluster =
          new LocatorCluster(
              dir.resolve("with " + secrets.length),
              1,
              Seals.ofCluster(1, secrets),
              Optional.empty());
      cluster.startAll();
      RaftLocatorSettings other =
          new RaftLocatorSettings(
              cluster.settings().members(),
              Seals.ofCluster(2, secrets),
              Optional.empty(),
              LocatorCluster.FAST);
      try (RaftTransport transport = new RaftTransport(other)) {
        EntryFactory peer = new EntryFactory("other", "chat");
        for (Executable call :
            List.<Executable>of(
                () -> transport.write(peer.full(0, 100, Coverage.COMPLETE)).get(),
                () -> transport.read(peer.lookup(List.of(1L))).get())) {
          ExecutionException failure = assertThrows(ExecutionException.class, call);
          assertTrue(
              failure.getMessage().contains("another Alluxio cluster"), failure.getMessage());
        }
      }
      assertEquals(0, filesKnown(0));
      cluster.close();
    }
  }

  @Test
  void shouldServeWorkersWhoseClocksAreWrong() throws Exception {
    cluster = new LocatorCluster(dir, 3, Seals.of("the right secret"), Optional.empty());
    cluster.startAll();
    for (long offMs : new long[] {-600_000, 600_000}) {
      try (RaftTransport transport =
          new RaftTransport(cluster.settings(), () -> System.currentTimeMillis() + offMs)) {
        EntryFactory peer = new EntryFactory("off by " + offMs, "chat");
        LocatorCluster.write(transport, peer.full(0, 100, Coverage.COMPLETE));
        for (int i = 0; i < 3; i++) {
          transport.read(peer.lookup(List.of(1L))).get(1, TimeUnit.MINUTES);
        }
        assertFalse(transport.clocksOff().isEmpty(), "the operator is told");
      }
    }
    assertEquals(100, filesKnown(cluster.leader()));
  }

  private static void assertRefused(Executable call) {
    ExecutionException failure = assertThrows(ExecutionException.class, call);
    assertTrue(failure.getMessage().contains("alluxio.mows.security."), failure.getMessage());
  }
}
