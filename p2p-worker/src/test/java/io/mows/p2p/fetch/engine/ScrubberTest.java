// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.mows.p2p.fetch.core.Scrubber;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ScrubberTest {
  private final Deque<Integer> round = new ArrayDeque<>(List.of(4, 3, 2, 1));

  private List<Integer> take(long bytes) {
    return Scrubber.take(round, bytes, Integer::longValue);
  }

  @Test
  void shouldLeaveNothingOutFromOneTickToTheNext() {
    assertEquals(List.of(4), take(4));
    assertEquals(List.of(3, 2), take(4));
    assertEquals(List.of(1), take(4));
    assertEquals(List.of(), take(4));
  }

  @Test
  void shouldTakeOnePieceAtLeast() {
    assertEquals(List.of(4), take(1));
    assertEquals(List.of(3), take(1));
  }
}
