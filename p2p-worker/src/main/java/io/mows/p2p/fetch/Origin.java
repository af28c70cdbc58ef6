// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch;

import java.util.concurrent.CompletableFuture;

/**
 * Something that can deliver pieces. Methods return at once; the work is done on the source's own
 * threads. Thread-safe.
 */
public interface Origin extends AutoCloseable {
  /**
   * Reads {@code length} bytes of {@code file} from {@code offset} on into {@code sink}, in any
   * order.
   *
   * @return ends when the sink has all bytes or the transfer failed, with an {@link
   *     io.mows.channel.TransferException} that says what to do, or with the {@link
   *     io.mows.channel.StoreException} of the sink as it was thrown. After that the sink is not
   *     touched any more.
   */
  CompletableFuture<Void> fetch(FileSpec file, long offset, int length, PieceSink sink);

  /**
   * Asks whether the source still has the version that {@code file} stands for. If it says yes, all
   * bytes that were delivered before the question are of that version.
   *
   * @return ends normally for yes; with {@link io.mows.channel.Remedy#STOP} if the file was changed
   *     or deleted; with another failure if the answer could not be had
   */
  CompletableFuture<Void> confirmVersion(FileSpec file);

  /**
   * How many pieces it needs under way at once to bring them as fast as it can, if it has found
   * that more than a few of its streams are of use; 0 if it has not.
   */
  default int width() {
    return 0;
  }

  /** Ends all transfers, then its threads. */
  @Override
  void close();
}
