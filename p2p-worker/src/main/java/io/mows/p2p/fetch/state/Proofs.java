// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch.state;

import io.mows.channel.TransferException;
import io.mows.p2p.fetch.FileSpec;
import io.mows.p2p.fetch.VerifyMode;
import io.mows.p2p.fetch.WrongFile;
import io.mows.p2p.fetch.table.FileProof;
import io.mows.p2p.fetch.table.Visible;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongPredicate;

/**
 * The proofs of all files, and which files readers may see. For the engine's thread; what other
 * threads may know of a file is told with each change ({@link ViewEffects#see}).
 */
public final class Proofs {
  /** 16 MB of CRC32s; at 4 MiB a piece they stand for 16 TiB. */
  private static final int MAX_PIECES = 4 << 20;

  private final VerifyMode mode;
  private final LongPredicate inUse;
  private final FetchEffects effects;
  private final Map<Long, FileProof> proofs = new LinkedHashMap<>(16, 0.75f, true);

  /** Generations are kept for as long as the worker runs, for files may be open so long. */
  private final Map<Long, Visible> visibles = new HashMap<>();

  private final Visible unknown;
  private int pieces;

  /**
   * @param inUse whether the proof of this file must be kept
   */
  public Proofs(VerifyMode mode, LongPredicate inUse, FetchEffects effects) {
    this.mode = mode;
    this.inUse = inUse;
    this.effects = effects;
    this.unknown = Visible.unknown(mode);
  }

  public VerifyMode mode() {
    return mode;
  }

  private Visible visible(long fileId) {
    Visible known = visibles.get(fileId);
    return known == null ? unknown : known;
  }

  private void set(long fileId, Visible now) {
    if (now.isBlank()) {
      visibles.remove(fileId);
    } else {
      visibles.put(fileId, now);
    }
    effects.views().see(fileId, now);
  }

  /** Whether readers may have bytes of the file that are here. */
  public boolean mayShow(long fileId) {
    return visible(fileId).mayShow();
  }

  /** Whether readers may have {@code piece} if it is here. */
  public boolean mayShow(long fileId, int piece) {
    return visible(fileId).mayShow(piece);
  }

  /** Whether a complete block may become everybody's. */
  public boolean mayCommit(long fileId) {
    return mayShow(fileId) && !visible(fileId).isAnyHeldBack();
  }

  /** Whether the file has been wrong and is not proven since. */
  public boolean isSuspect(long fileId) {
    return visible(fileId).isSuspect();
  }

  /** Why nobody gets the file; empty if that is not so. */
  public Optional<TransferException> refusal(long fileId) {
    return visible(fileId).refusal();
  }

  /** The proof of {@code file}, a new one if there is none. */
  public FileProof of(FileSpec file) {
    FileProof known = proofs.get(file.fileId());
    if (known != null) {
      return known;
    }
    long fileId = file.fileId();
    FileProof fresh = new FileProof(file.layout(), () -> changed(fileId));
    proofs.put(fileId, fresh);
    pieces += fresh.pieceCount();
    makeRoom();
    return fresh;
  }

  private void changed(long fileId) {
    FileProof proof = proofs.get(fileId);
    if (proof != null) {
      set(fileId, visible(fileId).proof(proof.expectation(), proof.verdict(), proof.askedNs()));
    }
  }

  private void makeRoom() {
    Iterator<Map.Entry<Long, FileProof>> eldest = proofs.entrySet().iterator();
    while (pieces > MAX_PIECES && eldest.hasNext()) {
      Map.Entry<Long, FileProof> entry = eldest.next();
      long fileId = entry.getKey();
      if (!inUse.test(fileId) && !visible(fileId).isWrong()) {
        pieces -= entry.getValue().pieceCount();
        eldest.remove();
        set(fileId, visible(fileId).forgotten());
      }
    }
  }

  /** Readers may see the file; returns true if they could not before. */
  public boolean show(long fileId) {
    Visible before = visible(fileId);
    set(fileId, before.shown());
    return !before.mayShow() || before.isAnyHeldBack();
  }

  /** Bytes of the file that are here cannot be trusted: nobody gets any until it is proven. */
  public void withhold(long fileId) {
    set(fileId, visible(fileId).withheld(true).dropped());
  }

  /** Pieces of the file are about to come, and then a verdict. */
  public void expectVerdict(long fileId) {
    set(fileId, visible(fileId).unjudged());
  }

  /** Nobody gets {@code piece} before {@link #release} or {@link #show}. */
  public void holdBack(long fileId, int piece) {
    set(fileId, visible(fileId).holdingBack(piece));
  }

  /** No piece is held back any more; returns whether one was. */
  public boolean release(long fileId) {
    Visible before = visible(fileId);
    if (before.isAnyHeldBack()) {
      set(fileId, before.released());
    }
    return before.isAnyHeldBack();
  }

  /** Some blocks of the file are being dropped: nobody gets any byte until that is done. */
  public void beginDiscard(long fileId) {
    set(fileId, visible(fileId).discarding(true).dropped());
  }

  public void endDiscard(long fileId) {
    set(fileId, visible(fileId).discarding(false));
  }

  /**
   * All blocks of the file are being dropped: nobody gets any byte until that is done, even if
   * somebody else proves the file meanwhile.
   */
  public void beginRemoval(long fileId) {
    set(fileId, visible(fileId).removing(true));
  }

  public void endRemoval(long fileId) {
    set(fileId, visible(fileId).removing(false));
  }

  /** The file is wrong. */
  public void condemn(WrongFile file) {
    withhold(file.file().fileId());
    set(file.file().fileId(), visible(file.file().fileId()).wrong(file));
  }

  /** The file may be read again from the origin, and is shown if it is right then. */
  public void tryAgain(long fileId) {
    set(fileId, visible(fileId).wrong(null));
  }

  /** The manifest says something else now: the file gets another chance. */
  public void acquit(long fileId) {
    set(fileId, visible(fileId).wrong(null).withheld(false));
  }
}
