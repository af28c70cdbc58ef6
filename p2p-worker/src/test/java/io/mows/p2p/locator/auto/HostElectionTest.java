// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.locator.auto;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class HostElectionTest {
  private static final WorkerRef A = new WorkerRef("a:29990", 100, 7);
  private static final WorkerRef B = new WorkerRef("b:29990", 200, 5);
  private static final WorkerRef C = new WorkerRef("c:29990", 200, 6);

  private final HostElection election = new HostElection();

  @Test
  void shouldChooseTheWorkerThatRunsLongest() {
    assertEquals(Optional.of(A), election.decide(List.of(C, B, A), 0));
    assertEquals(Optional.of(B), election.decide(List.of(C, B), 1), "the lower id decides");
    assertEquals(Optional.of(A), election.decide(List.of(B, C, A), 2), "it was not gone");
  }

  @Test
  void shouldNotLetARestartedWorkerHostAgain() {
    WorkerRef restarted = new WorkerRef(A.locatorAddress(), 300, 8);
    assertEquals(Optional.of(B), election.decide(List.of(restarted, B, C), 0));
  }

  @Test
  void shouldStayWhereItIsWhenTheMasterDoesNotAnswer() {
    assertEquals(Optional.empty(), election.decide(List.of(), 0));
    election.decide(List.of(A, B), 1);
    assertEquals(Optional.of(A), election.decide(List.of(), 2));
  }

  @Test
  void shouldPassOverAHostThatStaysSilent() {
    List<WorkerRef> workers = List.of(A, B, C);
    election.decide(workers, 0);
    assertFalse(election.failed(1_000));
    assertFalse(election.failed(15_999));
    election.answered();
    assertFalse(election.failed(20_000), "it answered in between");
    assertTrue(election.failed(20_000 + HostElection.PATIENCE_MS));
    election.passOver();
    assertEquals(Optional.of(B), election.decide(workers, 36_000));
    assertEquals(Optional.of(B), election.decide(workers, 36_000_000), "however long");
  }

  @Test
  void shouldDoubtOlderWorkersUntilTheHostAnswers() {
    List<WorkerRef> workers = List.of(C, B, A);
    election.decide(workers, 0);
    assertEquals(List.of(A, B), election.doubtful(workers, "c:29990", 9), "not itself");
    assertEquals(List.of(A), election.doubtful(workers, "c:29990", 1));
    assertEquals(List.of(), election.doubtful(workers, "a:29990", 9));
    election.answered();
    assertEquals(List.of(), election.doubtful(workers, "c:29990", 9));
    election.failed(1);
    assertEquals(List.of(A, B), election.doubtful(workers, "c:29990", 9));
  }

  @Test
  void shouldPassOverStockWorkersTogether() {
    List<WorkerRef> workers = List.of(A, B, C);
    election.decide(workers, 0);
    election.absent(A);
    election.absent(B);
    assertEquals(Optional.of(C), election.decide(workers, 1));
    assertEquals(Set.of(A, B), election.passedOver(), "they may be upgraded and come back");
  }

  @Test
  void shouldReturnToAHostThatAnswersAgain() {
    List<WorkerRef> workers = List.of(A, B, C);
    for (int i = 0; i < 2; i++) {
      election.decide(workers, 0);
      election.passOver();
    }
    assertEquals(Optional.of(C), election.decide(workers, 1));
    assertEquals(Set.of(A, B), election.passedOver());
    election.answers(B);
    assertEquals(Optional.of(B), election.decide(workers, 2));
    assertEquals(Set.of(A), election.passedOver());
    election.answers(A);
    assertEquals(Optional.of(A), election.decide(workers, 3));
    assertEquals(Set.of(), election.passedOver());
  }

  @Test
  void shouldAskOnlyForOlderWorkersThatAreListed() {
    election.decide(List.of(A, B, C), 0);
    election.passOver();
    assertEquals(Optional.of(B), election.decide(List.of(B, C), 1));
    assertEquals(Set.of(), election.passedOver(), "the master has forgotten it");
    election.passOver();
    election.decide(List.of(A, B, C), 2);
    assertEquals(Set.of(), election.passedOver(), "the host is older");
  }

  @Test
  void shouldTryAgainToHostAfterAWhile() {
    election.decide(List.of(A), 0);
    election.unable(0);
    assertEquals(Optional.empty(), election.decide(List.of(A), 1));
    assertEquals(
        Optional.of(A), election.decide(List.of(A), HostElection.UNABLE_MS), "another chance");
  }
}
