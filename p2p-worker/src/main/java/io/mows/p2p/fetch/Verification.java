// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch;

import io.mows.channel.TransferException;
import io.mows.p2p.fetch.BlockSpace.BlockLease;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;

/** What may be shown to readers, for those who read beside the engine. Thread-safe. */
public final class Verification {
  /** After that a manifest is asked again, which may have been put there meanwhile. */
  static final long SETTLED_NS = TimeUnit.MINUTES.toNanos(10);

  private final FetchEngine engine;
  private final Proofs proofs;
  private final Appeals appeals;

  Verification(FetchEngine engine, Proofs proofs) {
    this.engine = engine;
    this.proofs = proofs;
    this.appeals = new Appeals(engine);
  }

  /**
   * Why nobody gets {@code file}: it is not what its manifest says. Empty if that is not so.
   * Returns at once.
   */
  public Optional<TransferException> refusal(FileSpec file) {
    Optional<TransferException> refusal = proofs.refusal(file.fileId());
    if (refusal.isPresent()) {
      engine.run(() -> appeals.hear(file));
    }
    return refusal;
  }

  /** All of the file is fetched anew, from the origin alone. For the engine's thread. */
  void restart(FileFetch wrong) {
    FileSpec file = wrong.file();
    proofs.beginRemoval(file.fileId());
    List<BlockLoad> loads = wrong.clear(() -> removed(file));
    engine.drop(wrong);
    engine.node().removeFile(file.fileId());
    proofs.of(file).forgetPieces();
    try {
      FileFetch again = engine.fetch(file);
      again.wantAll();
      loads.forEach(again::load);
    } catch (IOException e) {
      loads.forEach(load -> load.fail(e));
    }
  }

  /** Nothing of the wrong round is in the cache any more. */
  private void removed(FileSpec file) {
    proofs.endRemoval(file.fileId());
    engine.current(file).ifPresent(FileFetch::discarded);
  }

  /** The files that are not what their manifests say. */
  public List<WrongFile> wrongFiles() {
    return proofs.wrongFiles();
  }

  /**
   * Another number each time bytes of this file that readers may have seen turn out to be wrong:
   * copies made before must not be used any more.
   */
  public int generation(long fileId) {
    return proofs.generation(fileId);
  }

  /** A file that is to be read: remembers which round its readers were given bytes of. */
  public OpenedFile open(FileSpec file) {
    return new OpenedFile(file, engine.reading(), proofs);
  }

  /**
   * @param listener told of the id of each file whose {@link #generation} is another one now, by
   *     the engine's thread: must return at once
   */
  public void onDropped(LongConsumer listener) {
    proofs.onDropped(listener);
  }

  /** Whether bytes of this file may be shown that have not gone through the engine. */
  public boolean mayBypass(long fileId) {
    return proofs.mayBypass(fileId);
  }

  /**
   * All of {@code file}, if it is one block and in memory now and may be handed over; it stays
   * there until the lease is closed, unless its bytes turn out to be wrong.
   */
  public Optional<BlockLease> whole(FileSpec file) throws IOException {
    boolean oneBlock = file.layout().blockCount() == 1;
    return oneBlock && mayHandOver(file.fileId())
        ? engine.space().openCommitted(file.blockId(0))
        : Optional.empty();
  }

  /** Whether {@link #whole} has something to give now. */
  boolean isWhole(FileSpec file) {
    return file.layout().blockCount() == 1
        && mayHandOver(file.fileId())
        && engine.space().isCommitted(file.blockId(0));
  }

  /**
   * {@code file} as somebody sees it come who wants all of it; empty if that is how it is, or if it
   * is not one block.
   */
  public Optional<Arrival> arrival(FileSpec file) {
    return file.layout().blockCount() == 1 && !isWhole(file)
        ? Optional.of(new EngineArrival(engine, file))
        : Optional.empty();
  }

  /**
   * Whether complete blocks of this file may be given to readers who then read them without us.
   * They cannot be taken back: so not while the file is being fetched and its verdict is still to
   * come.
   */
  public boolean mayHandOver(long fileId) {
    return proofs.mayHandOver(fileId);
  }

  /**
   * Whether a fetch of this file would find out nothing about the bytes of it that are in the
   * cache: readers have them, and what the manifest says was asked a short while ago.
   */
  public boolean isSettled(long fileId) {
    return proofs.isSettled(fileId, engine.nowNs(), SETTLED_NS);
  }

  /** Whether the bytes of this file that are in the cache may be shown. */
  public boolean mayShow(long fileId) {
    return proofs.mayShow(fileId);
  }
}
