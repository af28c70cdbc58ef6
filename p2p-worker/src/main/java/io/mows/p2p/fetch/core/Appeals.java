// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch.core;

import io.mows.p2p.fetch.Expectation;
import io.mows.p2p.fetch.FileSpec;
import io.mows.p2p.fetch.state.FetchEffects;
import io.mows.p2p.fetch.state.Proofs;
import io.mows.p2p.fetch.table.FileProof;
import io.mows.p2p.fetch.table.Moment;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Gives files that were wrong another chance: at once when their manifest says something else,
 * otherwise after a while, because what the origin delivers may have been put right there. For the
 * engine's thread.
 */
public final class Appeals {
  private static final long ASK_NS = TimeUnit.SECONDS.toNanos(2);
  private static final long RETRY_NS = TimeUnit.MINUTES.toNanos(10);

  private final Moment moment;
  private final FetchEffects effects;
  private final Proofs proofs;
  private final Map<Long, Appeal> appeals = new HashMap<>();
  private final Map<Long, FileSpec> asked = new HashMap<>();

  /** Below all tickets of fetches. */
  private long next;

  public Appeals(Moment moment, FetchEffects effects, Proofs proofs) {
    this.moment = moment;
    this.effects = effects;
    this.proofs = proofs;
  }

  /** Somebody has asked for a wrong file. */
  public void hear(FileSpec file) {
    long nowNs = moment.nowNs();
    appeals.values().removeIf(old -> nowNs - old.sinceNs > 2 * RETRY_NS);
    Appeal appeal = appeals.computeIfAbsent(file.fileId(), id -> new Appeal(nowNs));
    if (nowNs - appeal.sinceNs >= RETRY_NS) {
      appeals.remove(file.fileId());
      proofs.of(file).forgetPieces();
      proofs.tryAgain(file.fileId());
    } else if (nowNs - appeal.askNs >= 0) {
      appeal.askNs = nowNs + ASK_NS;
      long question = next++;
      asked.put(question, file);
      effects.questions().askManifest(question, file);
    }
  }

  /** The manifest has said so, or could not be read. */
  public void manifestAnswered(long question, Expectation expectation, Throwable failure) {
    FileSpec file = asked.remove(question);
    if (file != null && failure == null) {
      heard(file, expectation);
    }
  }

  private void heard(FileSpec file, Expectation now) {
    FileProof proof = proofs.of(file);
    boolean another =
        proof.expectation() == null || !proof.expectation().crc32().equals(now.crc32());
    if (another && proofs.refusal(file.fileId()).isPresent()) {
      proof.forgetPieces();
      proof.expect(now);
      proofs.acquit(file.fileId());
      appeals.remove(file.fileId());
    }
  }

  /** One wrong file. */
  private static final class Appeal {
    private final long sinceNs;
    private long askNs;

    public Appeal(long nowNs) {
      this.sinceNs = nowNs;
      this.askNs = nowNs;
    }
  }
}
