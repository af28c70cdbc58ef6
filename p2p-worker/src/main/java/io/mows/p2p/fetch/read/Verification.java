// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch.read;

import io.mows.channel.TransferException;
import io.mows.p2p.fetch.Arrival;
import io.mows.p2p.fetch.FileSpec;
import io.mows.p2p.fetch.LocalStore.BlockLease;
import io.mows.p2p.fetch.WrongFile;
import io.mows.p2p.fetch.table.Visible;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;

/** What may be shown to readers, for those who read beside the engine. Thread-safe. */
public final class Verification {
  /** After that a manifest is asked again, which may have been put there meanwhile. */
  public static final long SETTLED_NS = TimeUnit.MINUTES.toNanos(10);

  private final ReadContext context;
  private final FileReading reading;

  public Verification(ReadContext context, FileReading reading) {
    this.context = context;
    this.reading = reading;
  }

  /**
   * Why nobody gets {@code file}: it is not what its manifest says. Empty if that is not so.
   * Returns at once.
   */
  public Optional<TransferException> refusal(FileSpec file) {
    Optional<TransferException> refusal = context.visible(file).refusal();
    if (refusal.isPresent()) {
      context.mailbox().post(in -> in.refusedFileAsked(file));
    }
    return refusal;
  }

  /** The files that are not what their manifests say. */
  public List<WrongFile> wrongFiles() {
    return context.visible().wrongFiles();
  }

  /**
   * Another number each time bytes of this file that readers may have seen turn out to be wrong:
   * copies made before must not be used any more.
   */
  public int generation(long fileId) {
    return visible(fileId).generation();
  }

  /** A file that is to be read: remembers which round its readers were given bytes of. */
  public OpenedFile open(FileSpec file) {
    return new OpenedFile(file, reading, context.visible());
  }

  /**
   * @param listener told of the id of each file whose {@link #generation} is another one now, by
   *     the engine's thread: must return at once
   */
  public void onDropped(LongConsumer listener) {
    context.visible().onDropped(listener);
  }

  /** Whether bytes of this file may be shown that have not gone through the engine. */
  public boolean mayBypass(long fileId) {
    return visible(fileId).mayBypass();
  }

  /**
   * All of {@code file}, if it is one block and in memory now and may be handed over; it stays
   * there until the lease is closed, unless its bytes turn out to be wrong.
   */
  public Optional<BlockLease> whole(FileSpec file) throws IOException {
    boolean oneBlock = file.layout().blockCount() == 1;
    return oneBlock && mayHandOver(file.fileId())
        ? context.space().openCommitted(file.blockId(0))
        : Optional.empty();
  }

  /**
   * {@code file} as somebody sees it come who wants all of it; empty if that is how it is, or if it
   * is not one block.
   */
  public Optional<Arrival> arrival(FileSpec file) {
    return file.layout().blockCount() == 1 && !EngineArrival.isWhole(context, file)
        ? Optional.of(new EngineArrival(context, reading, file))
        : Optional.empty();
  }

  /**
   * Whether complete blocks of this file may be given to readers who then read them without us.
   * They cannot be taken back: so not while the file is being fetched and its verdict is still to
   * come.
   */
  public boolean mayHandOver(long fileId) {
    return visible(fileId).mayHandOver();
  }

  /**
   * Whether a fetch of this file would find out nothing about the bytes of it that are in the
   * cache: readers have them, and what the manifest says was asked a short while ago.
   */
  public boolean isSettled(long fileId) {
    return visible(fileId).isSettled(context.nowNs(), SETTLED_NS);
  }

  /** Whether the bytes of this file that are in the cache may be shown. */
  public boolean mayShow(long fileId) {
    return visible(fileId).mayShow();
  }

  private Visible visible(long fileId) {
    return context.visible().of(fileId);
  }
}
