// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.locator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import alluxio.conf.AlluxioConfiguration;
import alluxio.conf.Configuration;
import alluxio.conf.InstancedConfiguration;
import alluxio.conf.PropertyKey;
import alluxio.conf.Source;
import io.mows.alluxio.check.Finding;
import io.mows.alluxio.check.LocatorChecks;
import io.mows.alluxio.conf.MowsConf;
import io.mows.alluxio.conf.MowsConfs;
import io.mows.alluxio.conf.MowsKey;
import io.mows.alluxio.metrics.LocatorMetrics;
import io.mows.channel.security.ClusterTrust;
import io.mows.channel.security.SecretFile;
import io.mows.p2p.locator.Coverage;
import io.mows.p2p.locator.FileInfo;
import io.mows.p2p.locator.LocatorEvents;
import io.mows.p2p.locator.PeerInfo;
import io.mows.p2p.locator.PeerLoad;
import io.mows.p2p.locator.PeerRole;
import io.mows.p2p.locator.client.LocatorClient;
import io.mows.p2p.locator.client.LocatorSettings;
import io.mows.p2p.locator.protocol.LocatorTransport;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A real locator of one member, its worker, and an operator who asks. */
final class LocatorSetupIT {
  private static final AlluxioConfiguration ALLUXIO = Configuration.global();

  @TempDir Path dir;

  private MowsConf conf(String address, String secret) throws IOException {
    Path file = Files.writeString(dir.resolve("secret-" + secret.hashCode()), secret);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    return MowsConfs.of(
        Map.of(
            MowsKey.LOCATOR_ADDRESSES.key(), address,
            MowsKey.LOCATOR_DIR.key(), dir.resolve("locator").toString(),
            MowsKey.SECRET_FILE.key(), file.toString()));
  }

  private static ClusterTrust trust(MowsConf conf) throws IOException {
    return ClusterTrust.of(
        new byte[ClusterTrust.ID_BYTES],
        SecretFile.read(conf.security().secretFile().orElseThrow()));
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private static LocatorClient locator(LocatorTransport transport) {
    return new LocatorClient(
        LocatorSettings.DEFAULT,
        new PeerInfo("w", "w:29991", "chat", PeerRole.INSTANCE),
        1,
        () -> PeerLoad.NONE,
        transport,
        LocatorEvents.NONE,
        System::nanoTime);
  }

  private static LocatorAnswer askUntilThereIsAFile(MowsConf conf) throws Exception {
    long endNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (true) {
      try (LocatorView view = LocatorView.of(conf, trust(conf))) {
        LocatorAnswer answer = view.ask(List.of(), "/models", 10);
        if (!answer.status().files().isEmpty()) {
          return answer;
        }
      } catch (IOException e) {
        if (System.nanoTime() > endNs) {
          throw e;
        }
      }
      assertTrue(System.nanoTime() < endNs, "the worker's file is announced");
      Thread.sleep(20);
    }
  }

  @ParameterizedTest
  @CsvSource({"127.0.0.1,127.0.0.1", "::1,[::1]"})
  void shouldHostAndAskAConfiguredLocator(String host, String written) throws Exception {
    int memberPort = freePort();
    MowsConf conf = conf(written + ":" + memberPort, "0123456789abcdef");
    LocatorClient worker =
        locator(LocatorSetup.forWorker(conf, trust(conf), host, ALLUXIO, LocatorEvents.NONE));
    try {
      worker.announce(new FileInfo(1, "/models/a", 10), Coverage.COMPLETE);
      LocatorAnswer answer = askUntilThereIsAFile(conf);
      assertEquals(written + ":" + memberPort, answer.where());
      assertEquals("w", answer.status().peers().get(0).peer().id());
      assertEquals("/models/a", answer.status().files().get(0).file().path());

      MowsConf stranger = conf(conf.locator().members().get(0), "fedcba9876543210");
      try (LocatorView view = LocatorView.of(stranger, trust(stranger))) {
        IOException refused = assertThrows(IOException.class, () -> view.ask(List.of(), "/", 10));
        assertTrue(refused.getMessage().contains("refuses"), refused::getMessage);
      }
    } finally {
      worker.close();
    }
    try (ServerSocket port = new ServerSocket()) {
      port.setReuseAddress(true);
      port.bind(new InetSocketAddress(memberPort));
    }
  }

  @Test
  void shouldConnectToALocatorElsewhereWithoutHosting() throws Exception {
    MowsConf conf = conf("203.0.113.1:29990", "0123456789abcdef");
    try (LocatorTransport transport =
        LocatorSetup.forWorker(conf, trust(conf), "worker-7", ALLUXIO, LocatorEvents.NONE)) {
      assertEquals("203.0.113.1:29990", transport.describe());
    }
    assertTrue(Files.notExists(conf.locator().dir()), "nothing is hosted");
  }

  @Test
  void shouldSayThatThePortIsTaken() throws Exception {
    try (ServerSocket taken = new ServerSocket(0)) {
      MowsConf conf = conf("127.0.0.1:" + taken.getLocalPort(), "0123456789abcdef");
      IOException refused =
          assertThrows(
              IOException.class,
              () ->
                  LocatorSetup.forWorker(
                      conf, trust(conf), "127.0.0.1", ALLUXIO, LocatorEvents.NONE));
      assertTrue(refused.getMessage().contains("cannot listen on port"), refused::getMessage);
    }
  }

  /** The other members do without it. */
  @Test
  void shouldShareThoughItsOwnMemberCannotStart() throws Exception {
    try (ServerSocket taken = new ServerSocket(0)) {
      int port = taken.getLocalPort();
      String members = "127.0.0.1:" + port + ",203.0.113.1:29990,203.0.113.2:29990";
      MowsConf conf = conf(members, "0123456789abcdef");
      LocatorMetrics events = new LocatorMetrics();
      try (LocatorTransport transport =
          LocatorSetup.forWorker(conf, trust(conf), "127.0.0.1", ALLUXIO, events)) {
        assertEquals(members, transport.describe());
        Finding finding = LocatorChecks.of(events.memberObstacle()).get(0);
        assertEquals(Finding.Level.PROBLEM, finding.level());
        assertTrue(finding.found().contains("cannot listen on port " + port), finding::toString);
        assertTrue(finding.found().contains("alluxio.mows.locator.addresses"), finding::toString);
      }
    }
  }

  @Test
  void shouldStartWithoutAMaster() throws Exception {
    MowsConf conf = conf("auto", "0123456789abcdef");
    long startNs = System.nanoTime();
    try (LocatorTransport transport =
        LocatorSetup.forWorker(conf, trust(conf), "127.0.0.1", noMaster(), LocatorEvents.NONE)) {
      assertEquals("(not found yet)", transport.describe());
      Thread.sleep(100);
    }
    long tookMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNs);
    assertTrue(tookMs < 20_000, () -> "closing waits for the master: " + tookMs + " ms");
  }

  private static AlluxioConfiguration noMaster() throws IOException {
    InstancedConfiguration conf = Configuration.copyGlobal();
    conf.set(PropertyKey.MASTER_HOSTNAME, "127.0.0.1", Source.RUNTIME);
    conf.set(PropertyKey.MASTER_RPC_PORT, freePort());
    return conf;
  }
}
