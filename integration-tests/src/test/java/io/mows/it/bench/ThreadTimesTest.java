// SPDX-License-Identifier: Apache-2.0
package io.mows.it.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

final class ThreadTimesTest {
  private static final String STAT =
      "77 (mows-fuse-3 (a)) S 1 77 77 0 -1 4194624 10 0 0 0 250 50 0 0 20 0 33 0 5 6 7";

  @Test
  void shouldAddUserAndSystemTimeWhateverTheNameHasInIt() {
    assertEquals(300, ThreadTimes.ticks(STAT, "mows-fuse"));
  }

  @Test
  void shouldLeaveOutOtherThreads() {
    assertEquals(0, ThreadTimes.ticks(STAT, "mows-fetch"));
  }

  @Test
  void shouldReadThoseOfALivingProcess() throws Exception {
    assertTrue(ThreadTimes.seconds(ProcessHandle.current().pid(), "") > 0);
  }
}
