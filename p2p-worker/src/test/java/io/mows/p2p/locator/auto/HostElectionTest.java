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

  private final HostElection membership = new HostElection();

  @Test
  void shouldChooseTheWorkerThatRunsLongest() {
    assertEquals(Optional.of(A), membership.decide(List.of(C, B, A), 0));
    assertEquals(Optional.of(B), membership.decide(List.of(C, B), 1), "the lower id decides");
    assertEquals(Optional.of(A), membership.decide(List.of(B, C, A), 2), "it was not gone");
  }

  @Test
  void shouldNotLetARestartedWorkerHostAgain() {
    WorkerRef restarted = new WorkerRef(A.locatorAddress(), 300, 8);
    assertEquals(Optional.of(B), membership.decide(List.of(restarted, B, C), 0));
  }

  @Test
  void shouldStayWhereItIsWhenTheMasterDoesNotAnswer() {
    assertEquals(Optional.empty(), membership.decide(List.of(), 0));
    membership.decide(List.of(A, B), 1);
    assertEquals(Optional.of(A), membership.decide(List.of(), 2));
  }

  @Test
  void shouldPassOverAHostThatStaysSilent() {
    List<WorkerRef> workers = List.of(A, B, C);
    membership.decide(workers, 0);
    assertFalse(membership.failed(1_000));
    assertFalse(membership.failed(15_999));
    membership.answered();
    assertFalse(membership.failed(20_000), "it answered in between");
    assertTrue(membership.failed(20_000 + HostElection.PATIENCE_MS));
    membership.passOver();
    assertEquals(Optional.of(B), membership.decide(workers, 36_000));
    assertEquals(Optional.of(B), membership.decide(workers, 36_000_000), "however long");
  }

  @Test
  void shouldReturnToAHostThatAnswersAgain() {
    List<WorkerRef> workers = List.of(A, B, C);
    for (int i = 0; i < 2; i++) {
      membership.decide(workers, 0);
      membership.passOver();
    }
    assertEquals(Optional.of(C), membership.decide(workers, 1));
    assertEquals(Set.of(A, B), membership.passedOver());
    membership.answers(B);
    assertEquals(Optional.of(B), membership.decide(workers, 2));
    assertEquals(Set.of(A), membership.passedOver());
    membership.answers(A);
    assertEquals(Optional.of(A), membership.decide(workers, 3));
    assertEquals(Set.of(), membership.passedOver());
  }

  @Test
  void shouldAskOnlyForOlderWorkersThatAreListed() {
    membership.decide(List.of(A, B, C), 0);
    membership.passOver();
    assertEquals(Optional.of(B), membership.decide(List.of(B, C), 1));
    assertEquals(Set.of(), membership.passedOver(), "the master has forgotten it");
    membership.passOver();
    membership.decide(List.of(A, B, C), 2);
    assertEquals(Set.of(), membership.passedOver(), "the host is older");
  }

  @Test
  void shouldTryAgainToHostAfterAWhile() {
    membership.decide(List.of(A), 0);
    membership.unable(0);
    assertEquals(Optional.empty(), membership.decide(List.of(A), 1));
    assertEquals(
        Optional.of(A), membership.decide(List.of(A), HostElection.UNABLE_MS), "another chance");
  }
}
