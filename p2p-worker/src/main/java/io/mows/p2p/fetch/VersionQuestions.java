// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch;

import io.mows.p2p.swarm.FilePlan;
import io.mows.p2p.swarm.OriginGates.Ask;
import io.mows.p2p.thread.Futures;
import java.util.BitSet;
import java.util.concurrent.TimeUnit;

/**
 * Asks the origin of one file whether it still has our version, once for all pieces that have
 * landed before. For the engine's thread.
 */
final class VersionQuestions {
  /** Ask once for that many pieces, or so often, if nobody waits. */
  private static final int BATCH = 16;

  private static final long INTERVAL_NS = TimeUnit.SECONDS.toNanos(1);

  private final FileSpec file;
  private final FetchEngine engine;
  private final FilePlan plan;
  private final Listener listener;
  private long askedNs;
  private boolean ended;

  /** Told the answers. */
  interface Listener {
    /** These pieces are of our version. */
    void confirmed(BitSet pieces);

    /** These cannot be confirmed; the plan still counts them among those that landed. */
    void unconfirmed(BitSet pieces, Throwable failure);

    /** The origin is away or denies: the same is asked again later. */
    void refused(OriginException why);
  }

  VersionQuestions(FileSpec file, FetchEngine engine, FilePlan plan, Listener listener) {
    this.file = file;
    this.engine = engine;
    this.plan = plan;
    this.listener = listener;
    this.askedNs = engine.nowNs();
  }

  /**
   * Asks if it is time to.
   *
   * @return whether there is something to ask later, when time has passed or the origin may be
   *     asked
   */
  boolean advance() {
    // Peers wait for what has landed: nobody passes on what may be of another version.
    long nowNs = engine.nowNs();
    boolean soon = engine.driver().hasNeighbours() || nowNs - askedNs >= INTERVAL_NS;
    Origins origins = engine.driver().origins();
    if (!plan.wantsValidation(soon ? 1 : BATCH) || !origins.mayAsk(file)) {
      return plan.wantsValidation(1);
    }
    askedNs = nowNs;
    BitSet pieces = plan.beginValidation();
    Ask ask = origins.ask(file);
    engine
        .source()
        .confirmVersion(file)
        .whenComplete(
            (same, failure) -> engine.run(() -> answered(pieces, ask, Futures.causeOf(failure))));
    return false;
  }

  private void answered(BitSet pieces, Ask ask, Throwable failure) {
    engine.driver().origins().answered(ask, file, failure);
    if (ended) {
      return;
    }
    if (failure == null) {
      listener.confirmed(pieces);
      return;
    }
    plan.validationEnded();
    OriginException.mayPass(failure)
        .ifPresentOrElse(listener::refused, () -> listener.unconfirmed(pieces, failure));
  }

  /** Nobody is told any more. */
  void end() {
    ended = true;
  }
}
