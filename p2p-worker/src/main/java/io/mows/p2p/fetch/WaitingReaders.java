// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntPredicate;

/** The readers of one file, by the piece that they wait for. For the engine's thread. */
final class WaitingReaders {
  private final Map<Integer, List<CompletableFuture<Void>>> waiting = new HashMap<>();

  void add(int piece, CompletableFuture<Void> reader) {
    waiting.computeIfAbsent(piece, p -> new ArrayList<>()).add(reader);
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
    List<CompletableFuture<Void>> readers = waiting.remove(piece);
    if (readers == null) {
      return;
    }
    for (CompletableFuture<Void> reader : readers) {
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
