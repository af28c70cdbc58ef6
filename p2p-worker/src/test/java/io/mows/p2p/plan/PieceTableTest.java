// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mows.channel.Remedy;
import io.mows.p2p.piece.FileLayout;
import io.mows.p2p.swarm.origin.CountedSchedule;
import io.mows.p2p.swarm.origin.OriginStart;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.IntUnaryOperator;
import org.junit.jupiter.api.Test;

final class PieceTableTest {
  private static final int PIECE = 100;
  private static final Backoff BACKOFF = new Backoff(1_000, 8_000, 3);

  private final PieceTable plan = plan(1_000, 400);
  private final CountedSchedule schedule = schedule(plan);

  @Test
  void shouldStartNothingThatNobodyWants() {
    assertEquals(List.of(), startAll(0));
    assertTrue(plan.isIdle());
  }

  @Test
  void shouldStartWhatIsDemandedOnce() {
    plan.wants().demand(3);
    plan.wants().demand(3);
    assertEquals(List.of(3), startAll(0));
    assertEquals(List.of(), startAll(0));
    assertFalse(plan.isIdle());
  }

  @Test
  void shouldHaveAPieceOnlyWhenItsVersionIsConfirmed() {
    plan.wants().demand(3);
    startAll(0);
    schedule.landed(plan, 3);
    assertFalse(plan.has(3));
    assertTrue(plan.wantsValidation(16));
    BitSet asked = plan.beginValidation();
    assertFalse(plan.wantsValidation(1), "one question at a time");
    plan.validated(asked);
    assertTrue(plan.has(3));
    plan.wants().undemand(3);
    assertTrue(plan.isIdle());
  }

  @Test
  void shouldNotTakeAnAnswerForAPieceThatLandedAfterTheQuestion() {
    plan.wants().demand(3);
    plan.wants().demand(4);
    startAll(0);
    schedule.landed(plan, 3);
    BitSet asked = plan.beginValidation();
    schedule.landed(plan, 4);
    plan.validated(asked);
    assertTrue(plan.has(3));
    assertFalse(plan.has(4));
    assertTrue(plan.wantsValidation(16));
  }

  @Test
  void shouldAskForVersionsInBatchesUnlessSomebodyWaitsOrNothingMoreComes() {
    plan.wants().loadBlock(0);
    startAll(0);
    schedule.landed(plan, 0);
    assertFalse(plan.wantsValidation(3));
    schedule.landed(plan, 1);
    schedule.landed(plan, 2);
    assertTrue(plan.wantsValidation(3));
    assertFalse(plan.wantsValidation(4));
    plan.wants().demand(1);
    assertTrue(plan.wantsValidation(4), "a reader waits");
    plan.wants().undemand(1);
    assertFalse(plan.wantsValidation(4));
    schedule.landed(plan, 3);
    assertTrue(plan.wantsValidation(99), "nothing more arrives");
  }

  @Test
  void shouldForgetADemandOnlyWhenTheLastReaderHasLeft() {
    plan.wants().demand(5);
    plan.wants().demand(5);
    plan.wants().undemand(5);
    assertTrue(plan.wants().isAwaited(5));
    plan.wants().undemand(5);
    assertFalse(plan.wants().isAwaited(5));
    plan.wants().undemand(5);
    plan.wants().demand(5);
    assertTrue(plan.wants().isAwaited(5), "one letting go too many does not count");
    assertEquals(List.of(5), startAll(0));
  }

  @Test
  void shouldCompleteABlockWhenItsLastPieceIsOursAndNotTwice() {
    plan.wants().loadBlock(0);
    arrive(0, 1, 2);
    assertNull(plan.pollCompletedBlock());
    arriveStarted(3);
    assertEquals(0, plan.pollCompletedBlock());
    assertNull(plan.pollCompletedBlock());
    plan.wants().loadBlock(0);
    assertTrue(plan.isIdle(), "all of it is there");
  }

  @Test
  void shouldNotCompleteABlockThatLostAPieceMeanwhile() {
    plan.wants().loadBlock(0);
    arrive(0, 1, 2, 3);
    plan.lost(2);
    plan.lost(2);
    assertNull(plan.pollCompletedBlock());
    plan.wants().demand(2);
    arrive(2);
    assertEquals(0, plan.pollCompletedBlock());
  }

  @Test
  void shouldCountAPieceInEveryBlockItLiesIn() {
    PieceTable straddling = plan(1_000, 150);
    CountedSchedule reads = schedule(straddling);
    straddling.wants().loadBlock(1);
    for (int piece : start(reads, 0)) {
      reads.landed(straddling, piece);
    }
    straddling.validated(straddling.beginValidation());
    assertTrue(straddling.has(1) && straddling.has(2));
    assertEquals(1, straddling.pollCompletedBlock());
    assertNull(straddling.pollCompletedBlock(), "block 0 still lacks piece 0");
  }

  @Test
  void shouldTakeAPieceForPresentOnlyWhenAllItsBlocksAre() {
    PieceTable straddling = plan(450, 150);
    straddling.presentBlock(0);
    assertTrue(straddling.has(0));
    assertFalse(straddling.has(1));
    straddling.presentBlock(1);
    assertTrue(straddling.has(1) && straddling.has(2));
    assertFalse(straddling.has(3));
    assertNull(straddling.pollCompletedBlock(), "the cache has it already");
    straddling.wants().readAhead(Long.MAX_VALUE);
    assertEquals(List.of(3, 4), start(schedule(straddling), 0));
  }

  @Test
  void shouldDemandALostPieceAgainForAReaderThatStillWaits() {
    plan.wants().demand(2);
    arrive(2);
    plan.lost(2);
    assertEquals(List.of(2), startAll(0));
  }

  @Test
  void shouldTryAgainAfterAPauseThatGrows() {
    plan.wants().demand(2);
    startAll(0);
    assertFalse(schedule.failed(plan, 2, Remedy.RETRY, 0));
    assertEquals(List.of(), startAll(0));
    long end = schedule.nextPauseEndNs().orElseThrow();
    assertEquals(BACKOFF.pauseNs(1, 2), end);
    assertEquals(List.of(), startAll(end - 1));
    assertEquals(List.of(2), startAll(end));
    assertFalse(schedule.failed(plan, 2, Remedy.RETRY_ELSEWHERE, end));
    long second = schedule.nextPauseEndNs().orElseThrow();
    assertEquals(end + BACKOFF.pauseNs(2, 2), second);
    assertEquals(List.of(2), startAll(second));
    assertTrue(schedule.failed(plan, 2, Remedy.RETRY, second), "the third attempt was the last");
  }

  @Test
  void shouldForgetAPieceItGaveUpUntilItIsDemandedAgain() {
    plan.wants().demand(2);
    plan.wants().loadBlock(0);
    plan.wants().readAhead(Long.MAX_VALUE);
    assertEquals(List.of(2), startAll(0), "the first byte has the link to itself");
    assertTrue(schedule.failed(plan, 2, Remedy.STOP, 0));
    assertFalse(startAll(0).contains(2));
    plan.wants().demand(2);
    assertEquals(List.of(2), startAll(0));
    assertFalse(schedule.failed(plan, 2, Remedy.RETRY, 0), "its attempts are counted anew");
  }

  @Test
  void shouldRestAfterItGaveUp() {
    plan.wants().demand(2);
    startAll(0);
    schedule.failed(plan, 2, Remedy.STOP, 0);
    plan.wants().undemand(2);
    assertTrue(plan.isIdle());
    assertTrue(schedule.nextPauseEndNs().isEmpty());
  }

  @Test
  void shouldStartAPieceWithoutRoomLaterWithoutCountingItAsAFailure() {
    plan.wants().demand(2);
    for (long now = 0; now < 1_000; now += 10) {
      assertEquals(List.of(2), startAll(now));
      schedule.withdrawn(plan, 2, now + 10);
      assertEquals(List.of(), startAll(now + 9));
    }
  }

  @Test
  void shouldReadAheadInOrderUpToTheBudgetBehindTheLastReader() {
    plan.wants().readAhead(2 * PIECE);
    assertEquals(List.of(0, 1, 2), startAll(0));
    arriveStarted(0, 1, 2);
    assertTrue(plan.isIdle(), "the rest waits for a reader");
    assertTrue(plan.wants().hasMoreAhead());
    plan.wants().demand(5);
    assertEquals(List.of(5), startAll(0));
    arriveStarted(5);
    assertEquals(List.of(3, 4, 6, 7), startAll(0));
  }

  @Test
  void shouldDropWhatOnlyTheBackgroundWants() {
    plan.wants().loadBlock(0);
    plan.wants().readAhead(Long.MAX_VALUE);
    plan.wants().demand(1);
    plan.wants().dropBackground(0, 9);
    assertEquals(List.of(1), startAll(0));
    arriveStarted(1);
    plan.wants().undemand(1);
    assertTrue(plan.isIdle());
  }

  @Test
  void shouldSlideTheWindowWithinTheFile() {
    plan.wants().slideWindow(8, 5);
    assertEquals(List.of(8, 9), startAll(0));
    arriveStarted(8, 9);
    plan.wants().slideWindow(10, 5);
    assertTrue(plan.isIdle());
  }

  /** It is asked before every decision, of models with a hundred thousand pieces. */
  @Test
  void shouldNotLookAtPiecesThatTheGateDoesNotLetThrough() {
    int pieces = 100_000;
    PieceTable large = new PieceTable(new FileLayout(pieces, pieces, 1), Backoff.DEFAULT);
    large.wants().readAhead(Long.MAX_VALUE);
    List<Integer> questions = new ArrayList<>();
    IntUnaryOperator shut =
        from -> {
          questions.add(from);
          return -1;
        };
    assertTrue(large.next(Priority.READ_AHEAD, shut, 0).isEmpty());
    assertEquals(List.of(0), questions);
    int open = 70_000;
    IntUnaryOperator ajar =
        from -> {
          questions.add(from);
          return open;
        };
    assertEquals(OptionalInt.of(open), large.next(Priority.READ_AHEAD, ajar, 0));
    assertEquals(List.of(0, 0, open), questions);
  }

  @Test
  void shouldNoticeAPieceInTheWrongState() {
    assertThrows(IllegalStateException.class, () -> plan.landed(1));
    plan.wants().demand(1);
    startAll(0);
    assertThrows(IllegalStateException.class, () -> plan.started(1));
  }

  private static PieceTable plan(long lengthBytes, long blockBytes) {
    return new PieceTable(new FileLayout(lengthBytes, blockBytes, PIECE), BACKOFF);
  }

  private static CountedSchedule schedule(PieceTable plan) {
    CountedSchedule schedule = new CountedSchedule(100, 100);
    schedule.add(plan);
    return schedule;
  }

  private List<Integer> startAll(long nowNs) {
    return start(schedule, nowNs);
  }

  private static List<Integer> start(CountedSchedule schedule, long nowNs) {
    List<Integer> pieces = new ArrayList<>();
    Optional<OriginStart> start = schedule.next(nowNs);
    while (start.isPresent()) {
      pieces.add(start.get().piece());
      start = schedule.next(nowNs);
    }
    return pieces;
  }

  private void arrive(int... pieces) {
    startAll(0);
    arriveStarted(pieces);
  }

  private void arriveStarted(int... pieces) {
    for (int piece : pieces) {
      schedule.landed(plan, piece);
    }
    plan.validated(plan.beginValidation());
  }
}
