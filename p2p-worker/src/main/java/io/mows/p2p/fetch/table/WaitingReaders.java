// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch.table;

import io.mows.p2p.fetch.Waiters;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.IntPredicate;

/** The readers of one file, by the piece that they wait for. For the engine's thread. */
public final class WaitingReaders {
  private final NavigableMap<Integer, List<Long>> waiting = new TreeMap<>();
  private final Answers answers;
  private int count;

  /** Tells those who wait. */
  public interface Answers {
    /** The piece is here. */
    void wake(long reader);

    void fail(long reader, Throwable failure);

    /** Others wait now than before. */
    void changed();
  }

  public WaitingReaders(Answers answers) {
    this.answers = answers;
  }

  public void add(int piece, long reader) {
    waiting.computeIfAbsent(piece, p -> new ArrayList<>()).add(reader);
    counted(1);
  }

  private void counted(int more) {
    count += more;
    answers.changed();
  }

  public int count() {
    return count;
  }

  /** The first piece that a reader waits for; 0 if none does. */
  public int firstPiece() {
    return waiting.isEmpty() ? 0 : waiting.firstKey();
  }

  /** These and so many loads. */
  public Waiters with(int loads) {
    return new Waiters(count, loads, firstPiece());
  }

  /** The pieces that readers wait for. */
  public List<Integer> pieces() {
    return new ArrayList<>(waiting.keySet());
  }

  /**
   * Tells those who wait for {@code piece}.
   *
   * @param failure why they do not get it; null if it is here
   */
  public void wake(int piece, Throwable failure) {
    List<Long> woken = waiting.remove(piece);
    if (woken == null) {
      return;
    }
    counted(-woken.size());
    for (long reader : woken) {
      if (failure == null) {
        answers.wake(reader);
      } else {
        answers.fail(reader, failure);
      }
    }
  }

  /** Tells those whose piece is here. */
  public void wakeIf(IntPredicate isHere) {
    new ArrayList<>(waiting.keySet()).stream().filter(isHere::test).forEach(p -> wake(p, null));
  }

  public void failAll(Throwable failure) {
    new ArrayList<>(waiting.keySet()).forEach(piece -> wake(piece, failure));
  }

  /** They are somebody else's to tell now. */
  public List<Long> takeAll() {
    List<Long> all = new ArrayList<>();
    waiting.values().forEach(all::addAll);
    waiting.clear();
    counted(-count);
    return all;
  }
}
