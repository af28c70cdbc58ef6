// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch.file;

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
  private final Listener listener;
  private final Map<Long, Question> open = new HashMap<>();
  private long askedNs;
  private boolean ended;

  /** Told the answers. */
  public interface Listener {
    /** These pieces are of our version. */
    void confirmed(BitSet pieces);

    /** These cannot be confirmed; the plan still counts them among those that landed. */
    void unconfirmed(BitSet pieces, Throwable failure);

    /** The origin is away or denies: the same is asked again later. */
    void refused(OriginException why);

    /** The answer to {@link #doubt}. */
    void doubtAnswered(Throwable failure);
  }

  public VersionQuestions(
      FileSpec file, FetchState state, Tickets tickets, PieceTable plan, Listener listener) {
    this.file = file;
    this.state = state;
    this.tickets = tickets;
    this.plan = plan;
    this.listener = listener;
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
   * @param failure null for a yes
   */
  public void answered(long ticket, Throwable failure) {
    if (!open.containsKey(ticket)) {
      return;
    }
    Question question = open.remove(ticket);
    if (question == null) {
      if (!ended) {
        listener.doubtAnswered(failure);
      }
      return;
    }
    state.origins().answered(question.ask, file, failure);
    if (ended) {
      return;
    }
    if (failure == null) {
      listener.confirmed(question.pieces);
      return;
    }
    plan.validationEnded();
    OriginException.mayPass(failure)
        .ifPresentOrElse(listener::refused, () -> listener.unconfirmed(question.pieces, failure));
  }

  /** Nobody is told any more. */
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
