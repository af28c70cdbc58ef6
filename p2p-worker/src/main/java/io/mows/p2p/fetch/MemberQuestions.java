// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Of which files the locator may be asked who takes part: those that it has never been asked of,
 * those that readers wait for, and the first few that are not complete. So what that costs does not
 * grow with how many files there are. For the engine's thread.
 */
final class MemberQuestions {
  private static final int FILES_IN_TURN = 3;

  private final Map<Long, Question> byFile = new HashMap<>();
  private final TreeSet<Question> fresh = new TreeSet<>();
  private final TreeSet<Question> awaited = new TreeSet<>();
  private final TreeSet<Question> incomplete = new TreeSet<>();
  private long added;

  /** To be asked of from now on, for the first time at once. */
  void add(FileFetch fetch, long nowNs) {
    remove(fetch.file().fileId());
    Question question = new Question(fetch, added++, nowNs);
    byFile.put(fetch.file().fileId(), question);
    fresh.add(question);
    changed(fetch);
  }

  void remove(long fileId) {
    Question question = byFile.remove(fileId);
    if (question != null) {
      fresh.remove(question);
      awaited.remove(question);
      incomplete.remove(question);
    }
  }

  /** Whether it is still to be asked. */
  boolean isOf(Question question) {
    return question.equals(byFile.get(question.fetch.file().fileId()));
  }

  /** Something has happened to {@code fetch}. */
  void changed(FileFetch fetch) {
    Question question = byFile.get(fetch.file().fileId());
    if (question != null && question.fetch == fetch) {
      set(awaited, question, fetch.plan().isAnyAwaited());
      set(incomplete, question, !fetch.isComplete());
    }
  }

  private static void set(Set<Question> questions, Question question, boolean isIn) {
    if (isIn) {
      questions.add(question);
    } else {
      questions.remove(question);
    }
  }

  /** The questions that may be asked now and are not open, in the order of the files. */
  List<Question> askable() {
    TreeSet<Question> askable = new TreeSet<>(fresh);
    askable.addAll(awaited);
    incomplete.stream().limit(FILES_IN_TURN).forEach(askable::add);
    askable.removeIf(question -> question.open);
    return new ArrayList<>(askable);
  }

  /** The locator is being asked. */
  void begun(Question question) {
    question.open = true;
    fresh.remove(question);
  }

  /** The locator has been asked; see {@link AskTimes#asked}. */
  void asked(Question question, long nowNs, boolean allConnected) {
    question.open = false;
    question.times.asked(nowNs, allConnected);
    fresh.remove(question);
  }

  /** What is to be asked of one file. */
  static final class Question implements Comparable<Question> {
    final FileFetch fetch;
    final AskTimes times;
    private final long number;
    boolean open;

    private Question(FileFetch fetch, long number, long nowNs) {
      this.fetch = fetch;
      this.number = number;
      this.times = new AskTimes(nowNs);
    }

    @Override
    public int compareTo(Question other) {
      return Long.compare(number, other.number);
    }
  }
}
