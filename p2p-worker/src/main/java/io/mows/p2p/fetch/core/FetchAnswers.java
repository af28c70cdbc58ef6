// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch.core;

import io.mows.p2p.fetch.Expectation;
import io.mows.p2p.fetch.FileSpec;
import io.mows.p2p.fetch.core.ServeRules.Upload;
import io.mows.p2p.fetch.file.FileFetch;
import io.mows.p2p.fetch.state.FetchState;
import io.mows.p2p.fetch.state.Scrubs.Job;
import io.mows.p2p.fetch.table.Tickets;
import io.mows.p2p.piece.PieceDigest;
import io.mows.p2p.swarm.message.SwarmMember;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;

/**
 * The events that are answers: what was asked for by an effect is done, or is not. A ticket says
 * which fetch has asked. For one thread.
 */
public abstract class FetchAnswers implements FetchInput {
  private final FetchRules rules;
  private final FetchState state;

  public FetchAnswers(FetchRules rules) {
    this.rules = rules;
    this.state = rules.state;
  }

  /** Has the fetch that asked take the answer. */
  private void answer(long ticket, Consumer<FileFetch> event) {
    FileFetch fetch = rules.fetches.of(ticket);
    if (fetch != null) {
      event.accept(fetch);
      hasAnswer(fetch);
    }
  }

  private void hasAnswer(FileFetch fetch) {
    rules.files.tellIfCleared(fetch);
    rules.fetches.answered(fetch);
  }

  @Override
  public void stored(long ticket, Throwable failure) {
    answer(ticket, fetch -> fetch.events().stored(ticket, failure, false));
  }

  @Override
  public void roomLinked(long ticket) {
    answer(ticket, fetch -> fetch.events().stored(ticket, null, true));
  }

  @Override
  public void roomAnswered(long writableBytes, Throwable unknown) {
    if (state.storeHealth().answered(writableBytes, unknown)) {
      rules.fetches.all().forEach(fetch -> fetch.events().roomAgain());
    }
  }

  @Override
  public void transferBegun(long ticket) {
    FileFetch fetch = rules.fetches.of(ticket);
    if (fetch != null) {
      fetch.events().transferBegun(ticket);
      hasAnswer(fetch);
    }
  }

  @Override
  public void transferDone(long ticket, OptionalInt crc32) {
    FileFetch fetch = rules.fetches.of(ticket);
    if (fetch != null) {
      fetch.events().transferDone(ticket, crc32);
      hasAnswer(fetch);
    }
  }

  @Override
  public void transferFailed(long ticket, Throwable failure, int block) {
    answer(ticket, fetch -> fetch.events().transferFailed(ticket, failure, block));
  }

  @Override
  public void transferStopped(long ticket) {
    answer(ticket, fetch -> fetch.events().transferStopped(ticket));
  }

  @Override
  public void versionAnswered(long ticket, Throwable failure) {
    answer(ticket, fetch -> fetch.events().versionAnswered(ticket, failure));
  }

  @Override
  public void manifestAnswered(long ticket, Expectation expectation, Throwable failure) {
    if (Tickets.fetchOf(ticket) == 0) {
      rules.appeals.manifestAnswered(ticket, expectation, failure);
    } else {
      answer(ticket, fetch -> fetch.proving().manifestAnswered(ticket, expectation, failure));
    }
  }

  @Override
  public void digestHeard(long ticket, Optional<PieceDigest> digest) {
    answer(ticket, fetch -> fetch.proving().digestHeard(ticket, digest));
  }

  @Override
  public void pieceChecked(long check, OptionalInt crc32) {
    Job job = state.scrubs().ended(check);
    if (job != null) {
      follow(job.file(), job.piece(), rules.scrubber.checked(job, crc32));
    }
  }

  @Override
  public void members(long question, List<SwarmMember> members, int workers, boolean isAnswer) {
    rules
        .lookups
        .answered(question, members, workers, isAnswer)
        .ifPresent(file -> state.swarm().node().members(file, members, workers, state.nowNs()));
  }

  @Override
  public void pieceOpened(long request, int crc32) {
    Upload unknown = rules.serving.opened(request);
    if (unknown != null) {
      follow(
          unknown.file, unknown.piece, rules.scrubber.learned(unknown.file, unknown.piece, crc32));
    }
  }

  @Override
  public void pieceNotOpened(long request) {
    rules.serving.notOpened(request);
  }

  @Override
  public void uploadEnded(long request, boolean sent) {
    rules.serving.ended(request, sent);
  }

  private void follow(FileSpec file, int piece, Scrubber.Need need) {
    if (need == Scrubber.Need.NOTHING) {
      return;
    }
    try {
      FileFetch fetch = rules.files.fetch(file);
      if (need == Scrubber.Need.FETCH_AGAIN) {
        fetch.proving().discard(Scrubber.only(piece));
      }
    } catch (IOException e) {
      rules.effects.operator().warn(file + " is not checked now: " + e.getMessage(), null);
    }
    if (need == Scrubber.Need.FETCH_AGAIN) {
      // Who hears of it may rely on nobody being shown the piece any more.
      state.metrics().pieceRotten();
    }
  }
}
