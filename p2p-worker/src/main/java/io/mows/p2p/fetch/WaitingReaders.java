// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch;

import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntPredicate;

/**
 * The readers of one file, by the piece that they wait for. For the engine's thread, but for {@link
 * #of}.
 */
final class WaitingReaders {
  private final NavigableMap<Integer, List<CompletableFuture<Void>>> waiting = new TreeMap<>();
  private int count;
  private volatile Waiters readers = Waiters.NONE;

  void add(int piece, CompletableFuture<Void> reader) {
    waiting.computeIfAbsent(piece, p -> new ArrayList<>()).add(reader);
    counted(1);
  }

  private void counted(int more) {
    count += more;
    readers = new Waiters(count, 0, waiting.isEmpty() ? 0 : waiting.firstKey());
  }

  /** Any thread: who waits, as of a moment ago, beside {@code loads} loads. */
  Waiters of(int loads) {
    Waiters known = readers;
    return new Waiters(known.readers(), loads, known.firstPiece());
  }

  /** The pieces that readers wait for. */
  List<Integer> pieces() {
    return new ArrayList<>(waiting.keySet());
  }

  /**
   * Tells those who wait for {@code piece}.
   *
   * @param failure why they do not get it; null if it is here
   */
  void wake(int piece, Throwable failure) {
    List<CompletableFuture<Void>> woken = waiting.remove(piece);
    if (woken == null) {
      return;
    }
    counted(-woken.size());
    for (CompletableFuture<Void> reader : woken) {
      if (failure == null) {
        reader.complete(null);
      } else {
        reader.completeExceptionally(failure);
      }
    }
  }

  /** Tells those whose piece is here. */
  void wakeIf(IntPredicate isHere) {
    new ArrayList<>(waiting.keySet()).stream().filter(isHere::test).forEach(p -> wake(p, null));
  }

  void failAll(Throwable failure) {
    new ArrayList<>(waiting.keySet()).forEach(piece -> wake(piece, failure));
  }
}
