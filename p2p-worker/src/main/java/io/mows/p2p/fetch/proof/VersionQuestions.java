// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch.proof;

import io.mows.p2p.fetch.FileSpec;
import io.mows.p2p.fetch.OriginException;
import io.mows.p2p.fetch.state.FetchState;
import io.mows.p2p.fetch.state.Origins;
import io.mows.p2p.fetch.table.Tickets;
import io.mows.p2p.plan.PieceTable;
import io.mows.p2p.swarm.origin.OriginGates.Ask;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Asks the origin of one file whether it still has our version, once for all pieces that have
 * landed before. For the engine's thread.
 */
public final class VersionQuestions {
  /** Ask once for that many pieces, or so often, if nobody waits. */
  private static final int BATCH = 16;

  private static final long INTERVAL_NS = TimeUnit.SECONDS.toNanos(1);

  private final FileSpec file;
  private final FetchState state;
  private final Tickets tickets;
  private final PieceTable plan;
  private final Map<Long, Question> open = new HashMap<>();
  private long askedNs;
  private boolean ended;

  public VersionQuestions(FileSpec file, FetchState state, Tickets tickets, PieceTable plan) {
    this.file = file;
    this.state = state;
    this.tickets = tickets;
    this.plan = plan;
    this.askedNs = state.nowNs();
  }

  /**
   * Asks if it is time to.
   *
   * @return whether there is something to ask later, when time has passed or the origin may be
   *     asked
   */
  public boolean advance() {
    // Peers wait for what has landed: nobody passes on what may be of another version.
    long nowNs = state.nowNs();
    boolean soon = state.peers().isAny() || nowNs - askedNs >= INTERVAL_NS;
    Origins origins = state.origins();
    if (!plan.wantsValidation(soon ? 1 : BATCH) || !origins.mayAsk(file)) {
      return plan.wantsValidation(1);
    }
    askedNs = nowNs;
    BitSet pieces = plan.beginValidation();
    long ticket = tickets.next();
    open.put(ticket, new Question(pieces, origins.ask(file)));
    state.effects().questions().askVersion(ticket, file);
    return false;
  }

  /** Asks once more, whatever has landed: what came may be of another version. */
  public void doubt() {
    long ticket = tickets.next();
    open.put(ticket, null);
    state.effects().questions().askVersion(ticket, file);
  }

  /** Whether an answer is still to come. */
  public boolean isBusy() {
    return !open.isEmpty();
  }

  /**
   * The origin has answered.
   *
   * @param failure null for a yes
   */
  public VersionAnswer answered(long ticket, Throwable failure) {
    if (!open.containsKey(ticket)) {
      return VersionAnswer.NOTHING;
    }
    Question question = open.remove(ticket);
    if (question == null) {
      return ended ? VersionAnswer.NOTHING : VersionAnswer.ofDoubt(failure);
    }
    state.origins().answered(question.ask, file, failure);
    if (ended) {
      return VersionAnswer.NOTHING;
    }
    if (failure == null) {
      return VersionAnswer.confirmed(question.pieces);
    }
    plan.validationEnded();
    return OriginException.mayPass(failure).isPresent()
        ? VersionAnswer.originAway(question.pieces, failure)
        : VersionAnswer.unconfirmed(question.pieces, failure);
  }

  /** What is answered from now on means nothing any more. */
  public void end() {
    ended = true;
  }

  /** What a question covers. */
  private static final class Question {
    private final BitSet pieces;
    private final Ask ask;

    public Question(BitSet pieces, Ask ask) {
      this.pieces = pieces;
      this.ask = ask;
    }
  }
}
