// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.locator.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class LongPollsTest {
  private static final long LONG_MS = 600_000;

  private final LongPolls questions = new LongPolls();
  private volatile boolean isNews;

  @AfterEach
  void close() {
    questions.close();
  }

  private CompletableFuture<String> hold(long patienceMs) {
    return questions.hold(patienceMs, () -> isNews, () -> "answer");
  }

  private static String get(CompletableFuture<String> answer) throws Exception {
    return answer.get(1, TimeUnit.MINUTES);
  }

  @Test
  void shouldAnswerAllWhenThereIsNews() throws Exception {
    List<CompletableFuture<String>> answers = List.of(hold(LONG_MS), hold(LONG_MS), hold(LONG_MS));
    answers.forEach(answer -> assertFalse(answer.isDone()));
    questions.news();
    for (CompletableFuture<String> answer : answers) {
      assertEquals("answer", get(answer));
    }
  }

  @Test
  void shouldAnswerWhenTheTimeIsUp() throws Exception {
    assertEquals("answer", get(hold(1)));
  }

  @Test
  void shouldNotMissNewsThatComesWhileAQuestionArrives() {
    isNews = true;
    assertTrue(hold(LONG_MS).isDone());
  }

  @Test
  void shouldAnswerAtOnceWhenTooManyWait() {
    List<CompletableFuture<String>> answers = new ArrayList<>();
    for (int i = 0; i < LongPolls.MAX_HELD; i++) {
      answers.add(hold(LONG_MS));
    }
    assertTrue(answers.stream().noneMatch(CompletableFuture::isDone));
    assertTrue(hold(LONG_MS).isDone());
  }

  @Test
  void shouldLeaveNobodyWaitingWhenItCloses() throws Exception {
    CompletableFuture<String> before = hold(LONG_MS);
    questions.close();
    assertEquals("answer", get(before));
    assertEquals("answer", get(hold(LONG_MS)));
  }
}
