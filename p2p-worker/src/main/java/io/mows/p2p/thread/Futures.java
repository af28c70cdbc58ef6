// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.thread;

import java.util.concurrent.CompletionException;

/** Why something failed, above all a {@link java.util.concurrent.CompletableFuture}. */
public final class Futures {
  private Futures() {}

  /**
   * What a future failed with, which those that depend on it wrap.
   *
   * @param outcome null if it did not fail; null is returned then
   */
  public static Throwable causeOf(Throwable outcome) {
    return outcome instanceof CompletionException && outcome.getCause() != null
        ? outcome.getCause()
        : outcome;
  }

  /** What {@link #causeOf} says for people: its message, or what kind of failure it is. */
  public static String reasonOf(Throwable outcome) {
    Throwable cause = causeOf(outcome);
    return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
  }

  /** The innermost cause, where those around it say less. */
  public static Throwable rootOf(Throwable failure) {
    Throwable root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root;
  }
}
