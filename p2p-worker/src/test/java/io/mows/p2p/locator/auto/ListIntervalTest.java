// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.locator.auto;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

final class ListIntervalTest {
  private static final List<WorkerRef> TWO =
      List.of(new WorkerRef("a", 1, 1), new WorkerRef("b", 2, 2));
  private static final List<WorkerRef> ONE = TWO.subList(0, 1);

  private final ListInterval interval = new ListInterval();

  /** How often the list, which is {@code now}, is read in so many turns. */
  private int reads(int turns, List<WorkerRef> now) {
    int reads = 0;
    for (int i = 0; i < turns; i++) {
      if (interval.isDue()) {
        interval.read(now);
        reads++;
      }
    }
    return reads;
  }

  private void calm() {
    reads(1 + ListInterval.CALM_AFTER, TWO);
  }

  @Test
  void shouldReadTheListAtEveryTurnAtFirst() {
    assertEquals(1 + ListInterval.CALM_AFTER, reads(1 + ListInterval.CALM_AFTER, TWO));
  }

  @Test
  void shouldReadItSeldomWhenItStaysTheSame() {
    calm();
    assertEquals(4, reads(4 * ListInterval.CALM_TURNS, TWO));
  }

  @Test
  void shouldReadItAtEveryTurnAgainWhenItHasChanged() {
    calm();
    assertEquals(1, reads(ListInterval.CALM_TURNS, ONE));
    assertEquals(5, reads(5, ONE));
  }

  @Test
  void shouldReadItAtOnceWhenTheHostDoesNotAnswer() {
    calm();
    interval.disturbed();
    assertEquals(3, reads(3, TWO));
  }

  @Test
  void shouldNotGetCalmWhileNobodyIsListed() {
    assertEquals(100, reads(100, List.of()));
  }
}
