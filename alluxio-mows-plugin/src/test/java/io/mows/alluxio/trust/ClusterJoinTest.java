// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.trust;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mows.alluxio.Eventually;
import io.mows.alluxio.check.Finding;
import io.mows.alluxio.check.Finding.Level;
import io.mows.channel.security.ClusterTrust;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class ClusterJoinTest {
  private static final ClusterTrust TRUST =
      ClusterTrust.of(new byte[ClusterTrust.ID_BYTES], List.of(new byte[] {1}));

  /** What is told, in order. */
  private final BlockingQueue<String> told = new LinkedBlockingQueue<>();

  private ClusterJoin join(ClusterTrust trust, IOException... failures) {
    Queue<IOException> queue = new ArrayDeque<>(Arrays.asList(failures));
    return new ClusterJoin(
        () -> {
          if (!queue.isEmpty()) {
            throw queue.remove();
          }
          return trust;
        },
        known -> told.add("joined " + known.clusterName()),
        1);
  }

  private void start(ClusterJoin join) {
    join.start(() -> told.add("known"), failure -> told.add(failure.getMessage()));
  }

  private String next() throws InterruptedException {
    return told.poll(30, TimeUnit.SECONDS);
  }

  private static Finding awaitJoined(ClusterJoin join) throws InterruptedException {
    Eventually.await("it to join", () -> join.finding().level() != Level.PROBLEM);
    return join.finding();
  }

  @Test
  void shouldTrustNobodyBeforeItKnowsWhom() {
    try (ClusterJoin join = join(TRUST)) {
      assertFalse(join.trust().isInsecure());
      assertFalse(Arrays.equals(TRUST.clusterId(), join.trust().clusterId()));
      assertEquals(Level.PROBLEM, join.finding().level());
    }
  }

  @Test
  void shouldTryAgainTellEachReasonOnceAndJoin() throws Exception {
    IOException away = new IOException("the master is away");
    IOException denied = new IOException("denied");
    try (ClusterJoin join = join(TRUST, away, away, denied, denied)) {
      start(join);
      assertEquals("the master is away", next());
      assertEquals("denied", next());
      assertEquals("known", next());
      assertEquals("joined 00000000", next());
      assertArrayEquals(TRUST.clusterId(), join.trust().clusterId());
      assertEquals(Level.OK, awaitJoined(join).level());
      assertEquals(0, told.size());
    }
  }

  @Test
  void shouldSayWhyItSharesWithNobody() throws Exception {
    IOException[] often = new IOException[1_000];
    Arrays.fill(often, new IOException("write permission on /"));
    try (ClusterJoin join = join(TRUST, often)) {
      start(join);
      assertEquals("write permission on /", next());
      assertEquals(Level.PROBLEM, join.finding().level());
      assertTrue(join.finding().found().contains("write permission on /"));
    }
  }

  @Test
  void shouldNoteThatItIsInsecure() throws Exception {
    try (ClusterJoin join = join(ClusterTrust.insecure())) {
      start(join);
      assertEquals("known", next());
      Finding finding = awaitJoined(join);
      assertEquals(Level.NOTE, finding.level());
      assertTrue(finding.remedy().contains("alluxio.mows.security.insecure=false"));
    }
  }
}
