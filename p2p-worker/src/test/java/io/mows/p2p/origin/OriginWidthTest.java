// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.origin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.Test;

final class OriginWidthTest {
  private static final long TICK_NS = 50_000_000L;
  private static final long SECOND_NS = 1_000_000_000L;
  private static final int MAX = 64;

  private final OriginWidth width = new OriginWidth(MAX);
  private long nowNs = 3 * SECOND_NS;
  private double received;
  private int streams;
  private int mostStreams;

  /**
   * Time passes; as many streams as may be have something to do, but no more than {@code work}.
   *
   * @param rate what so many streams bring together, in bytes per second
   */
  private void run(long ns, int work, IntToDoubleFunction rate) {
    for (long passed = 0; passed < ns; passed += TICK_NS) {
      int now = Math.min(work, width.streams());
      width.streaming(now - streams, nowNs);
      streams = now;
      nowNs += TICK_NS;
      received += rate.applyAsDouble(streams) * TICK_NS / SECOND_NS;
      width.update(nowNs, (long) received, streams, Math.max(streams, width.streams()));
      mostStreams = Math.max(mostStreams, width.streams());
    }
  }

  /** Each stream brings as much. */
  private static IntToDoubleFunction each(double bytesPerSecond) {
    return count -> count * bytesPerSecond;
  }

  @Test
  void shouldUseMoreAndMoreStreamsWhileEachBringsAsMuch() {
    run(3 * SECOND_NS, 1_000, each(0.5e6));
    assertEquals(MAX, width.found());
    assertEquals(0.5e6 / SECOND_NS, width.streamBytesPerNs(), 1e-6);
  }

  @Test
  void shouldStayWithFewWhenTheLinkIsFull() {
    run(60 * SECOND_NS, 1_000, count -> 50e6);
    assertEquals(OriginWidth.FIRST, width.found());
    assertEquals(2 * OriginWidth.FIRST, mostStreams, "it has tried");
  }

  @Test
  void shouldUseAsManyAsFillTheLink() {
    run(5 * SECOND_NS, 1_000, count -> Math.min(50e6, count * 5e6));
    assertTrue(width.found() >= 8 && width.found() <= 16, "streams: " + width.found());
  }

  /** Fifty are needed. */
  @Test
  void shouldFillALinkOf40GigabitsWhereAStreamBrings100Megabytes() {
    run(5 * SECOND_NS, 1_000, count -> Math.min(5e9, count * 100e6));
    assertTrue(width.found() >= 50, "streams: " + width.found());
  }

  @Test
  void shouldTryAgainLessAndLessOften() {
    int[] tries = {0};
    run(
        100 * SECOND_NS,
        1_000,
        count -> {
          tries[0] += count > OriginWidth.FIRST ? 1 : 0;
          return 50e6;
        });
    // A try lasts for some 250 ms; after one, two, four seconds and so on.
    assertTrue(tries[0] <= 7 * 6, "ticks with more streams: " + tries[0]);
    assertTrue(tries[0] >= 6, "ticks with more streams: " + tries[0]);
  }

  @Test
  void shouldFindOutWhenTheLinkIsNotFullAnyMore() {
    run(2 * SECOND_NS, 1_000, count -> 5e6);
    run(10 * SECOND_NS, 1_000, each(5e6));
    assertEquals(MAX, width.found());
  }

  @Test
  void shouldNotCountStreamsThatHaveNothingToDo() {
    run(20 * SECOND_NS, 4, each(5e6));
    assertEquals(OriginWidth.FIRST, width.found());
    run(3 * SECOND_NS, 1_000, each(5e6));
    assertEquals(MAX, width.found(), "now there is something to do");
  }

  @Test
  void shouldTryTwiceAsManyAsThereAreForOtherReasons() {
    // So many pieces are read, each over one stream, however many streams there may be.
    width.streaming(14, nowNs);
    for (int i = 0; i < 10; i++) {
      nowNs += TICK_NS;
      received += 14 * 100e6 * TICK_NS / SECOND_NS;
      width.update(nowNs, (long) received, 14, 14);
    }
    assertEquals(28, width.streams());
  }

  @Test
  void shouldKeepWhatItFoundUntilTheNextFile() {
    run(3 * SECOND_NS, 1_000, each(0.5e6));
    run(3 * SECOND_NS, 0, each(0.5e6));
    assertEquals(MAX, width.streams());
  }

  @Test
  void shouldForgetAfterAPauseHowFastAStreamWas() {
    run(SECOND_NS, 1_000, each(100e6));
    assertTrue(width.streamBytesPerNs() > 0);
    run(OriginWidth.FORGET_NS / 2, 0, each(100e6));
    assertTrue(width.streamBytesPerNs() > 0);
    run(OriginWidth.FORGET_NS, 0, each(100e6));
    assertEquals(0, width.streamBytesPerNs());
  }

  /** It had tried in vain for long, so the next try was far away. */
  @Test
  void shouldTryAgainInTheNextLoad() {
    run(60 * SECOND_NS, 1_000, count -> 50e6);
    run(2 * OriginWidth.FORGET_NS, 0, count -> 0);
    run(3 * SECOND_NS, 1_000, each(0.5e6));
    assertEquals(MAX, width.found());
  }

  @Test
  void shouldNotForgetInTheNextLoadThatTheOriginRefused() {
    run(3 * SECOND_NS, 1_000, each(0.5e6));
    width.refused(nowNs);
    width.refused(nowNs + 1);
    run(2 * OriginWidth.FORGET_NS, 0, count -> 0);
    run(10 * SECOND_NS, 1_000, each(0.5e6));
    assertEquals(MAX / 2, width.found());
  }

  @Test
  void shouldTakeOneFailureForAnAccident() {
    run(3 * SECOND_NS, 1_000, each(0.5e6));
    width.refused(nowNs);
    width.refused(nowNs + OriginWidth.REFUSED_NS);
    assertEquals(MAX, width.streams());
  }

  @Test
  void shouldUseHalfOfTheStreamsWhenTheOriginSaysThatTheyAreTooMany() {
    run(3 * SECOND_NS, 1_000, each(0.5e6));
    width.refused(nowNs);
    width.refused(nowNs + 1);
    assertEquals(MAX / 2, width.streams());
    run(OriginWidth.REFUSED_PAUSE_NS - SECOND_NS, 1_000, each(0.5e6));
    assertEquals(MAX / 2, width.streams(), "not tried so soon again");
    run(5 * SECOND_NS, 1_000, each(0.5e6));
    assertEquals(MAX, width.found());
  }

  @Test
  void shouldNeverGiveUpTheFirstFew() {
    for (int i = 0; i < 100; i++) {
      width.refused(nowNs + i);
    }
    assertEquals(OriginWidth.FIRST, width.streams());
  }

  @Test
  void shouldKeepToFewerThanTheFirstFewIfThatIsWhatIsSet() {
    OriginWidth narrow = new OriginWidth(1);
    assertEquals(1, narrow.streams());
    narrow.refused(nowNs);
    narrow.refused(nowNs);
    assertEquals(1, narrow.streams());
  }
}
