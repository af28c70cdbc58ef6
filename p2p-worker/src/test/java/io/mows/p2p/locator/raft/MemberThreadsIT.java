// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.locator.raft;

import static java.util.stream.Collectors.toList;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.mows.p2p.Eventually;
import io.mows.p2p.locator.Coverage;
import io.mows.p2p.locator.protocol.EntryFactory;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A group that is closed is gone. */
final class MemberThreadsIT {
  /** All but what {@link RaftMember} says that stays: {@code timerN} and {@code grpc-...}. */
  private static final String OURS = "(127\\.0\\.0\\.1_|mows-|JvmPauseMonitor|pool-|Segmented).*";

  @Test
  void shouldLeaveNoThreadsBehindButThoseOfTheProcess(@TempDir Path dir) throws Exception {
    List<String> before = threads();
    LocatorCluster cluster = LocatorCluster.started(dir, 3);
    try (RaftTransport transport = new RaftTransport(cluster.settings())) {
      EntryFactory peer = new EntryFactory("a", "chat");
      for (int i = 0; i < 10; i++) {
        LocatorCluster.write(transport, peer.full(0, 100, Coverage.COMPLETE));
      }
    }
    assertEquals(3, threads().stream().filter("mows-locator-member"::equals).count());
    cluster.close();
    try {
      Eventually.until("end of all threads", () -> threads().size() <= before.size());
    } catch (AssertionError e) {
      throw new AssertionError("Left: " + threads() + ", before: " + before, e);
    }
  }

  private static List<String> threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .map(Thread::getName)
        .filter(name -> name.matches(OURS))
        .collect(toList());
  }
}
