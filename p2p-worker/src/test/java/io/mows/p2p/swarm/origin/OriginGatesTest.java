// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.swarm.origin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mows.p2p.swarm.origin.OriginGates.Ask;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** When an origin that fails is asked again, in a time of its own. */
final class OriginGatesTest {
  private static final long MOUNT = 5;
  private static final long OTHER_MOUNT = 6;
  private static final long FILE = 1;
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
  private static final long STEP = TimeUnit.MILLISECONDS.toNanos(10);

  private final List<String> told = new ArrayList<>();
  private final OriginGates gates =
      new OriginGates(
          20 * SECOND,
          7,
          new OriginGates.Listener() {
            @Override
            public void closed(long mountId, OriginFault fault, String reason) {
              told.add("closed " + mountId + " " + fault + " " + reason);
            }

            @Override
            public void opened(long mountId, OriginFault fault, long sinceNs) {
              told.add("opened " + mountId + " " + fault + " " + sinceNs / SECOND);
            }
          });
  private long nowNs = 100 * SECOND;

  OriginGatesTest() {
    for (long id = FILE; id < FILE + 50; id++) {
      gates.place(id, MOUNT);
    }
  }

  private void fail(long fileId) {
    fail(gates.begin(fileId, nowNs));
  }

  private void fail(Ask ask) {
    gates.failed(ask, OriginFault.DENIED, "403", nowNs);
  }

  private Outage outage(long fileId) {
    return gates.outage(fileId, nowNs).orElseThrow();
  }

  @Test
  void shouldLetAllAskAnOriginThatAnswers() {
    for (int i = 0; i < 100; i++) {
      assertTrue(gates.mayAsk(FILE, nowNs));
      gates.begin(FILE, nowNs);
    }
    assertTrue(gates.outage(FILE, nowNs).isEmpty());
  }

  private boolean isSilent(long fileId) {
    gates.listen(nowNs);
    return gates.silence(fileId, nowNs).isPresent();
  }

  @Test
  void shouldSayThatAnOriginSendsNothingThatWasAskedTwoSecondsAgo() {
    Ask first = gates.begin(FILE, nowNs);
    nowNs += 2 * SECOND - 1;
    gates.begin(FILE + 1, nowNs);
    assertFalse(isSilent(FILE));
    nowNs += 1;
    Outage silence = gates.silence(FILE, nowNs).orElseThrow();
    assertEquals(OriginFault.SILENT, silence.fault());
    assertEquals(2 * SECOND, silence.forNs());
    assertEquals("2 requests wait for its answer", silence.reason());
    assertFalse(silence.isOverdue());
    assertTrue(gates.isAsked(FILE));
    assertFalse(gates.isAsked(FILE + 2));
    assertTrue(isSilent(FILE + 2), "it is behind the same mount point");
    gates.place(FILE + 3, OTHER_MOUNT);
    assertFalse(isSilent(FILE + 3));
    assertTrue(gates.mayAsk(FILE, nowNs));
    gates.answered(first);
    assertFalse(isSilent(FILE));
  }

  @Test
  void shouldTakeAnOriginForSlowFromWhichBytesCome() {
    gates.begin(FILE, nowNs);
    for (int i = 0; i < 100; i++) {
      nowNs += 19 * SECOND / 10;
      gates.heard(MOUNT);
      assertFalse(isSilent(FILE));
    }
    nowNs += 2 * SECOND;
    assertTrue(isSilent(FILE));
  }

  @Test
  void shouldCountTheSilenceFromWhenItIsAskedAgain() {
    gates.dropped(gates.begin(FILE, nowNs));
    nowNs += 100 * SECOND;
    assertFalse(isSilent(FILE));
    gates.begin(FILE, nowNs);
    assertFalse(isSilent(FILE));
    nowNs += 2 * SECOND;
    assertTrue(isSilent(FILE));
  }

  @Test
  void shouldTakeOneFailureAmongSuccessesForAnAccident() {
    for (int i = 0; i < 20; i++) {
      fail(FILE);
      assertTrue(gates.mayAsk(FILE, nowNs));
      gates.answered(gates.begin(FILE, nowNs));
    }
    assertTrue(told.isEmpty());
  }

  @Test
  void shouldAskOneAtATimeWithPausesThatDouble() {
    fail(FILE);
    fail(FILE);
    List<Long> pausesMs = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      long beganNs = nowNs;
      while (!gates.mayAsk(FILE, nowNs)) {
        nowNs += STEP;
      }
      pausesMs.add((nowNs - beganNs) / 1_000_000);
      Ask probe = gates.begin(FILE, nowNs);
      nowNs += SECOND;
      assertFalse(gates.mayAsk(FILE, nowNs), "while one question is under way");
      fail(probe);
    }
    long wantedMs = 250;
    for (long pauseMs : pausesMs) {
      String all = pausesMs.toString();
      assertTrue(pauseMs >= wantedMs * 3 / 4 && pauseMs <= wantedMs * 5 / 4 + 10, all);
      wantedMs = Math.min(4_000, 2 * wantedMs);
    }
  }

  @Test
  void shouldOpenForAllAtTheFirstAnswer() {
    fail(FILE);
    fail(FILE);
    nowNs += 10 * SECOND;
    gates.answered(gates.begin(FILE, nowNs));
    for (int i = 0; i < 16; i++) {
      assertTrue(gates.mayAsk(FILE, nowNs));
      gates.begin(FILE, nowNs);
    }
    assertEquals(List.of("closed 5 DENIED 403", "opened 5 DENIED 100"), told);
  }

  @Test
  void shouldNotBelieveAnAnswerToWhatWasAskedBefore() {
    Ask early = gates.begin(FILE, nowNs);
    fail(FILE);
    fail(FILE);
    gates.answered(early);
    assertFalse(gates.mayAsk(FILE, nowNs));
  }

  @Test
  void shouldNotWaitLongerBecauseManyFailedTogether() {
    List<Ask> together = new ArrayList<>();
    for (int i = 0; i < 16; i++) {
      together.add(gates.begin(FILE, nowNs));
    }
    together.forEach(this::fail);
    nowNs += 320_000_000L;
    assertTrue(gates.mayAsk(FILE, nowNs));
  }

  @Test
  void shouldAskAtMostFourTimesASecondForManyFiles() {
    fail(FILE);
    fail(FILE);
    int asked = 0;
    for (long endNs = nowNs + 10 * SECOND; nowNs - endNs < 0; nowNs += STEP) {
      for (long id = FILE; id < FILE + 50; id++) {
        if (gates.mayAsk(id, nowNs)) {
          asked++;
          fail(id);
        }
      }
    }
    assertTrue(asked <= 40, asked + " questions in 10 s");
    assertTrue(asked >= 3, asked + " questions in 10 s");
  }

  @Test
  void shouldNotLetAFileThatIsDeniedHoldUpTheOthers() {
    fail(FILE);
    fail(FILE);
    long beganNs = nowNs;
    while (!gates.mayAsk(FILE + 1, nowNs)) {
      nowNs += STEP;
    }
    assertTrue(nowNs - beganNs <= OriginGate.FIRST_PAUSE_NS);
    gates.answered(gates.begin(FILE + 1, nowNs));
    for (int i = 0; i < 30; i++) {
      assertTrue(gates.mayAsk(FILE + 1, nowNs));
      gates.answered(gates.begin(FILE + 1, nowNs));
      if (gates.mayAsk(FILE, nowNs)) {
        fail(FILE);
      }
      nowNs += SECOND;
    }
    assertTrue(outage(FILE).isOverdue());
    assertTrue(gates.outage(FILE + 1, nowNs).isEmpty());
  }

  @Test
  void shouldLeaveOtherMountPointsAlone() {
    gates.place(99, OTHER_MOUNT);
    fail(FILE);
    fail(FILE);
    assertTrue(gates.mayAsk(99, nowNs));
    gates.begin(99, nowNs);
    assertTrue(gates.mayAsk(99, nowNs));
  }

  @Test
  void shouldSaySinceWhenAndWhy() {
    fail(FILE);
    nowNs += 5 * SECOND;
    fail(FILE);
    Outage outage = outage(FILE);
    assertEquals(OriginFault.DENIED, outage.fault());
    assertEquals("403", outage.reason());
    assertEquals(5 * SECOND, outage.forNs());
    assertFalse(outage.isOverdue());
    nowNs += 15 * SECOND;
    assertTrue(outage(FILE).isOverdue());
  }

  @Test
  void shouldCountTheTimeBeforeAFileWasAsked() {
    fail(FILE);
    fail(FILE);
    for (int i = 0; i < 30; i++) {
      nowNs += SECOND;
      if (gates.mayAsk(FILE, nowNs)) {
        fail(FILE);
      }
    }
    assertFalse(outage(FILE + 1).isOverdue(), "it has not been asked for yet");
    fail(FILE + 1);
    assertTrue(outage(FILE + 1).isOverdue());
  }

  @Test
  void shouldBeginAnewAfterALongTimeInWhichNobodyAsked() {
    fail(FILE);
    fail(FILE);
    nowNs += 3_600 * SECOND;
    assertTrue(gates.mayAsk(FILE, nowNs));
    fail(FILE);
    assertTrue(gates.outage(FILE, nowNs).isEmpty(), "one failure");
    fail(FILE);
    assertEquals(0, outage(FILE).forNs());
  }

  @Test
  void shouldAskAgainWhenAQuestionWasDroppedOrLost() {
    fail(FILE);
    fail(FILE);
    nowNs += SECOND;
    gates.dropped(gates.begin(FILE, nowNs));
    assertTrue(gates.mayAsk(FILE, nowNs));
    gates.begin(FILE, nowNs);
    nowNs += 20 * SECOND;
    assertFalse(gates.mayAsk(FILE, nowNs));
    nowNs += 20 * SECOND;
    assertTrue(gates.mayAsk(FILE, nowNs));
  }
}
