// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch.proof;

import io.mows.p2p.fetch.FileSpec;
import io.mows.p2p.fetch.OriginException;
import io.mows.p2p.fetch.state.FetchState;
import io.mows.p2p.fetch.table.Tickets;
import io.mows.p2p.swarm.origin.OriginGates.Ask;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** Asks what the manifest of one file says, and who has proven it. For the engine's thread. */
final class ProofQuestions {
  private static final long ASK_AGAIN_NS = TimeUnit.SECONDS.toNanos(1);

  /** For about two minutes; after that, when the file is scrubbed or opened again. */
  private static final int MAX_ATTEMPTS = 8;

  private final FileSpec file;
  private final FetchState state;
  private final Tickets tickets;

  /** The origin's turn that each question about the manifest is. */
  private final Map<Long, Ask> manifests = new HashMap<>();

  private final Set<Long> digests = new HashSet<>();
  private long askAgainAtNs;
  private boolean askAgain;
  private OptionalLong unansweredSince = OptionalLong.empty();
  private int attempts;

  ProofQuestions(FileSpec file, FetchState state, Tickets tickets) {
    this.file = file;
    this.state = state;
    this.tickets = tickets;
  }

  /** Asks what the manifest says, as soon as the origin may be asked. */
  void askManifest() {
    askAgain = !state.origins().mayAsk(file);
    if (askAgain) {
      askAgainAtNs = state.nowNs();
      return;
    }
    long ticket = tickets.next();
    manifests.put(ticket, state.origins().ask(file));
    state.effects().questions().askManifest(ticket, file);
  }

  /**
   * The manifest has answered, or could not be read.
   *
   * @return false if it was not asked under this ticket
   */
  boolean manifestAnswered(long ticket, Throwable failure) {
    Ask ask = manifests.remove(ticket);
    if (ask == null) {
      return false;
    }
    state.origins().answeredManifest(ask, file, failure);
    if (failure == null) {
      unansweredSince = OptionalLong.empty();
    }
    return true;
  }

  /**
   * Nobody may see the file before the manifest has answered, which could not be read.
   *
   * @return whether it is asked again soon
   */
  boolean asksAgainSoon(Throwable failure) {
    long nowNs = state.nowNs();
    unansweredSince = OptionalLong.of(unansweredSince.orElse(nowNs));
    boolean waits = nowNs - unansweredSince.getAsLong() < state.origins().patienceNs();
    askAgain = waits && OriginException.mayPass(failure).isPresent();
    askAgainAtNs = nowNs + ASK_AGAIN_NS;
    return askAgain;
  }

  /** Readers see the file, so it is asked again ever later. */
  void askAgainLater() {
    long nowNs = state.nowNs();
    unansweredSince = OptionalLong.of(unansweredSince.orElse(nowNs));
    askAgainAtNs = nowNs + (ASK_AGAIN_NS << attempts);
    askAgain = ++attempts < MAX_ATTEMPTS;
  }

  /** Whether it could not be read before. */
  boolean hasFailed() {
    return attempts > 0;
  }

  void askDigest() {
    long ticket = tickets.next();
    digests.add(ticket);
    state.effects().questions().askDigest(ticket, file.fileId());
  }

  /** Returns false if the digest was not asked for under this ticket. */
  boolean digestHeard(long ticket) {
    return digests.remove(ticket);
  }

  /** Whether an answer is still to come. */
  boolean isAsking() {
    return !manifests.isEmpty() || !digests.isEmpty();
  }

  /** Whether something is asked, or will be. */
  boolean isOpen() {
    return isAsking() || askAgain;
  }

  /** Asks again what could not be answered. To be called now and then. */
  void sweep(long nowNs) {
    if (askAgain && nowNs - askAgainAtNs >= 0) {
      askManifest();
    }
  }
}
