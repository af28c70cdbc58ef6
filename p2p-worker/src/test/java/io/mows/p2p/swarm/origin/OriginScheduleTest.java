// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.swarm.origin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mows.channel.Remedy;
import io.mows.p2p.piece.FileLayout;
import io.mows.p2p.plan.Backoff;
import io.mows.p2p.plan.PieceTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

final class OriginScheduleTest {
  private static final Backoff BACKOFF = new Backoff(1_000, 8_000, 3);

  private final CountedSchedule schedule = new CountedSchedule(8, 7);
  private final PieceTable a = plan();
  private final PieceTable b = plan();

  OriginScheduleTest() {
    schedule.add(a);
    schedule.add(b);
  }

  @Test
  void shouldGiveTheFirstByteOfAnIdleWorkerTheWholeLink() {
    a.wants().demand(5);
    a.wants().readAhead(Long.MAX_VALUE);
    b.wants().loadBlock(0);
    assertEquals(List.of("a5"), startAll());
    schedule.landed(a, 5);
    assertEquals(List.of(), startAll(), "its version is being asked for");
    a.validated(a.beginValidation());
    assertEquals(List.of("b0", "b1", "b2", "b3", "a0", "a1", "a2"), startAll());
  }

  /** Single connections are slow: it would take minutes until so many pieces have landed. */
  @Test
  void shouldNotWaitForPiecesToLandWhereMoreAtOnceAreKnownToBringMore() {
    CountedSchedule slow = new CountedSchedule(16, 4);
    PieceTable plan = new PieceTable(new FileLayout(1_000, 1_000, 10), BACKOFF);
    slow.add(plan);
    plan.wants().readAhead(Long.MAX_VALUE);
    assertEquals(4, start(slow));
    slow.widen(8);
    assertEquals(4, start(slow));
    slow.widen(40);
    assertEquals(27, start(slow), "the last few are for readers");
    plan.wants().demand(99);
    assertEquals(1, start(slow));
    slow.widen(0);
    slow.landed(plan, 0);
    assertEquals(0, start(slow));
  }

  private static int start(CountedSchedule which) {
    int count = 0;
    while (which.next(0).isPresent()) {
      count++;
    }
    return count;
  }

  @Test
  void shouldServeOtherReadersAtOnceEvenDuringTheFirstByte() {
    a.wants().demand(5);
    assertEquals(List.of("a5"), startAll());
    b.wants().demand(7);
    a.wants().readAhead(Long.MAX_VALUE);
    assertEquals(List.of("b7"), startAll());
  }

  @Test
  void shouldEndTheHeadStartOfAFirstByteThatDoesNotCome() {
    a.wants().demand(5);
    startAll();
    b.wants().loadBlock(0);
    assertEquals(OptionalLong.of(HeadStart.LENGTH_NS), schedule.nextPauseEndNs());
    assertTrue(schedule.next(HeadStart.LENGTH_NS - 1).isEmpty());
    assertEquals(0, schedule.next(HeadStart.LENGTH_NS).orElseThrow().piece());
    assertEquals(OptionalLong.empty(), schedule.nextPauseEndNs());
  }

  @Test
  void shouldEndTheFirstByteWhenItFails() {
    a.wants().demand(5);
    startAll();
    b.wants().loadBlock(0);
    schedule.failed(a, 5, Remedy.RETRY, 0);
    assertEquals(List.of("b0", "b1", "b2", "b3"), startAll());
  }

  @Test
  void shouldEndTheFirstByteWhenItHasNoRoom() {
    a.wants().demand(5);
    startAll();
    b.wants().loadBlock(0);
    schedule.withdrawn(a, 5, 100);
    assertEquals(List.of("b0", "b1", "b2", "b3"), startAll());
  }

  @Test
  void shouldPutReadersFirstThenLoadsThenTheWindowThenReadAhead() {
    a.wants().readAhead(Long.MAX_VALUE);
    assertEquals(7, startAll().size());
    b.wants().slideWindow(9, 0);
    b.wants().loadBlock(1);
    b.wants().demand(15);
    assertEquals(List.of("b15"), startAll(), "the last place is a reader's");
    schedule.landed(b, 15);
    b.validated(b.beginValidation());
    for (int piece = 0; piece < 6; piece++) {
      schedule.landed(a, piece);
    }
    assertEquals(List.of("b4", "b5", "b6", "b7", "b9", "a7"), startAll());
  }

  @Test
  void shouldBeginNothingElseWhileAReaderWhoJumpedWaits() {
    a.wants().readAhead(Long.MAX_VALUE);
    assertEquals(7, startAll().size());
    b.wants().demand(15);
    assertEquals(List.of("b15"), startAll());
    schedule.landed(a, 0);
    schedule.landed(a, 1);
    assertEquals(List.of(), startAll());
    schedule.landed(b, 15);
    assertEquals(List.of(), startAll(), "its version is being asked for");
    b.validated(b.beginValidation());
    assertEquals(List.of("a7", "a8"), startAll());
  }

  @Test
  void shouldGoOnWithTheOthersWhileReadersJumpAgainAndAgain() {
    a.wants().readAhead(Long.MAX_VALUE);
    startAll();
    assertTrue(holdsUpOthers(15, 0, 0));
    assertFalse(holdsUpOthers(14, 2, 100));
    assertFalse(holdsUpOthers(13, 4, 2 * HeadStart.LENGTH_NS - 1));
    assertTrue(holdsUpOthers(12, 6, 2 * HeadStart.LENGTH_NS));
  }

  /** Whether nothing begins in the place of two reads that land while a reader has jumped. */
  private boolean holdsUpOthers(int jump, int landing, long nowNs) {
    b.wants().demand(jump);
    assertEquals(jump, schedule.next(nowNs).orElseThrow().piece());
    schedule.landed(a, landing);
    schedule.landed(a, landing + 1);
    boolean held = schedule.next(nowNs).isEmpty();
    schedule.landed(b, jump);
    b.validated(b.beginValidation());
    schedule.next(nowNs);
    schedule.next(nowNs);
    return held;
  }

  @Test
  void shouldBeginWithAFewReadsAndOneMoreForEachThatLanded() {
    CountedSchedule gentle = new CountedSchedule(8, 2);
    PieceTable c = plan();
    gentle.add(c);
    c.wants().readAhead(Long.MAX_VALUE);
    assertEquals(List.of(0, 1), startAll(gentle));
    gentle.landed(c, 1);
    assertEquals(List.of(2, 3), startAll(gentle));
    gentle.landed(c, 0);
    gentle.landed(c, 2);
    assertEquals(List.of(4, 5, 6, 7), startAll(gentle));
    c.wants().demand(15);
    assertEquals(List.of(15), startAll(gentle), "a reader need not wait for that");
  }

  @Test
  void shouldBeginAnewWhenNothingWasRead() {
    CountedSchedule gentle = new CountedSchedule(8, 2);
    PieceTable c = plan();
    gentle.add(c);
    c.wants().loadBlock(0);
    startAll(gentle);
    for (int piece = 0; piece < 4; piece++) {
      gentle.landed(c, piece);
      startAll(gentle);
    }
    assertEquals(0, gentle.readsInFlight());
    c.wants().loadBlock(2);
    assertEquals(List.of(8, 9), startAll(gentle));
  }

  @Test
  void shouldLeaveAPlaceForReaders() {
    a.wants().readAhead(Long.MAX_VALUE);
    assertEquals(7, startAll().size());
    for (int piece = 0; piece < 4; piece++) {
      b.wants().demand(piece);
    }
    assertEquals(List.of("b0"), startAll(), "never more than eight");
    assertEquals(8, schedule.readsInFlight());
  }

  @Test
  void shouldWorkWithASingleRead() {
    CountedSchedule single = new CountedSchedule(1, 1);
    PieceTable c = plan();
    single.add(c);
    c.wants().readAhead(Long.MAX_VALUE);
    assertEquals(0, single.next(0).orElseThrow().piece());
    c.wants().demand(9);
    assertTrue(single.next(0).isEmpty());
    single.landed(c, 0);
    assertEquals(9, single.next(0).orElseThrow().piece());
  }

  @Test
  void shouldLetReadersOfSeveralFilesTakeTurns() {
    for (int piece = 0; piece < 8; piece++) {
      a.wants().demand(piece);
      b.wants().demand(piece);
    }
    List<String> started = startAll();
    assertEquals(8, started.size());
    assertEquals(4, started.stream().filter(s -> s.startsWith("a")).count(), started::toString);
  }

  @Test
  void shouldReadWhatNobodyWaitsForInTheOrderOfTheFiles() {
    b.wants().readAhead(Long.MAX_VALUE);
    a.wants().readAhead(Long.MAX_VALUE);
    assertEquals(List.of("a0", "a1", "a2", "a3", "a4", "a5", "a6"), startAll());
  }

  @Test
  void shouldSayWhichPiecesAreWorthReadingWithoutRoom() {
    a.wants().demand(3);
    assertTrue(schedule.next(0).orElseThrow().evenUncached());
    schedule.landed(a, 3);
    a.validated(a.beginValidation());
    a.wants().slideWindow(4, 0);
    assertTrue(schedule.next(0).orElseThrow().evenUncached());
    b.wants().loadBlock(0);
    assertFalse(schedule.next(0).orElseThrow().evenUncached());
  }

  @Test
  void shouldNameTheEarliestPause() {
    a.wants().demand(1);
    b.wants().demand(2);
    startAll();
    schedule.failed(a, 1, Remedy.RETRY, 5_000);
    schedule.failed(b, 2, Remedy.RETRY, 0);
    assertEquals(OptionalLong.of(BACKOFF.pauseNs(1, 2)), schedule.nextPauseEndNs());
  }

  @Test
  void shouldWorkWhenTheClockWrapsAround() {
    a.wants().demand(1);
    b.wants().demand(2);
    startAll();
    long now = Long.MAX_VALUE - 10;
    schedule.failed(b, 2, Remedy.RETRY, now);
    schedule.withdrawn(a, 1, now + 5);
    assertEquals(OptionalLong.of(now + 5), schedule.nextPauseEndNs());
    assertTrue(schedule.next(now + 4).isEmpty());
    assertEquals(1, schedule.next(now + 5).orElseThrow().piece());
  }

  @Test
  void shouldEndPausesInOrderWhenTheClockWrapsAround() {
    a.wants().demand(1);
    a.wants().demand(2);
    startAll();
    long now = Long.MAX_VALUE - 10;
    schedule.withdrawn(a, 2, now + 100);
    schedule.withdrawn(a, 1, now + 5);
    assertEquals(1, schedule.next(now + 5).orElseThrow().piece());
    assertEquals(2, schedule.next(now + 100).orElseThrow().piece());
  }

  /** Or the caller, told of a time that has passed, would ask again and again. */
  @Test
  void shouldNameNoPauseWhileEveryReadIsInUse() {
    a.wants().demand(15);
    startAll();
    schedule.failed(a, 15, Remedy.RETRY, 0);
    for (int piece = 0; piece < 8; piece++) {
      b.wants().demand(piece);
    }
    assertEquals(8, startAll().size());
    assertEquals(OptionalLong.empty(), schedule.nextPauseEndNs());
    assertTrue(schedule.next(1_000_000).isEmpty());
    assertEquals(OptionalLong.empty(), schedule.nextPauseEndNs());
    schedule.landed(b, 0);
    assertEquals(15, schedule.next(1_000_000).orElseThrow().piece());
    assertEquals(OptionalLong.empty(), schedule.nextPauseEndNs());
  }

  @Test
  void shouldForgetARemovedFile() {
    a.wants().demand(1);
    startAll();
    schedule.remove(a);
    a.wants().demand(2);
    assertEquals(List.of(), startAll());
    schedule.failed(a, 1, Remedy.STOP, 0);
    assertEquals(0, schedule.readsInFlight());
  }

  private static List<Integer> startAll(CountedSchedule schedule) {
    List<Integer> started = new ArrayList<>();
    Optional<OriginStart> start = schedule.next(0);
    while (start.isPresent()) {
      started.add(start.get().piece());
      start = schedule.next(0);
    }
    return started;
  }

  private List<String> startAll() {
    List<String> started = new ArrayList<>();
    Optional<OriginStart> start = schedule.next(0);
    while (start.isPresent()) {
      started.add((start.get().plan() == a ? "a" : "b") + start.get().piece());
      start = schedule.next(0);
    }
    return started;
  }

  private static PieceTable plan() {
    return new PieceTable(new FileLayout(16, 4, 1), BACKOFF);
  }

  /** Who is called again at once, and can start nothing, would be called for ever. */
  @Test
  void shouldNotNameAPauseThatIsOverWhileOthersMayRead() {
    a.wants().readAhead(Long.MAX_VALUE);
    assertTrue(schedule.next(0, 2).isPresent());
    assertTrue(schedule.next(0, 2).isPresent());
    assertTrue(schedule.next(0, 3).isPresent());
    schedule.failed(a, 0, Remedy.RETRY, 0);
    long overNs = schedule.nextPauseEndNs().getAsLong();
    assertEquals(Optional.empty(), schedule.next(overNs, 1));
    assertEquals(OptionalLong.empty(), schedule.nextPauseEndNs());
  }
}
