// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch.core;

import io.mows.p2p.fetch.file.FileFetch;
import io.mows.p2p.fetch.table.AskTimes;
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

  /** What {@link #askable} found; null when that may be something else. */
  private List<Question> askable;

  /** To be asked of from now on, for the first time at once. */
  void add(FileFetch fetch, long nowNs) {
    remove(fetch.file().fileId());
    Question question = new Question(fetch, added++, nowNs);
    byFile.put(fetch.file().fileId(), question);
    fresh.add(question);
    askable = null;
    changed(fetch);
  }

  void remove(long fileId) {
    Question question = byFile.remove(fileId);
    if (question != null) {
      askable = null;
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
      set(awaited, question, fetch.plan().wants().isAnyAwaited());
      set(incomplete, question, !fetch.pieces().isComplete());
    }
  }

  private void set(Set<Question> questions, Question question, boolean isIn) {
    if (isIn ? questions.add(question) : questions.remove(question)) {
      askable = null;
    }
  }

  /**
   * The questions that may be asked now and are not open, in the order of the files; not to be
   * changed. Asked for after each decision, so it is worked out only when something is different.
   */
  List<Question> askable() {
    if (askable == null) {
      TreeSet<Question> all = new TreeSet<>(fresh);
      all.addAll(awaited);
      incomplete.stream().limit(FILES_IN_TURN).forEach(all::add);
      all.removeIf(question -> question.open);
      askable = List.copyOf(all);
    }
    return askable;
  }

  /** The locator is being asked. */
  void begun(Question question) {
    question.open = true;
    askable = null;
    fresh.remove(question);
  }

  /** The locator has been asked; see {@link AskTimes#asked}. */
  void asked(Question question, long nowNs, boolean allConnected) {
    question.open = false;
    askable = null;
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
