// SPDX-License-Identifier: Apache-2.0
package io.mows.channel;

import java.util.concurrent.CompletableFuture;

/** A piece that was requested. Thread-safe, nothing blocks. */
public interface PieceTransfer {
  /**
   * Ends on an I/O thread when the receiver has all bytes and their CRC32 is right, or else with a
   * {@link TransferException}. The receiver is not touched any more after that.
   */
  CompletableFuture<PieceReceipt> completion();

  /**
   * Gives up, if it has not ended yet: the peer is told, and {@link #completion} ends with a {@link
   * TransferException} as soon as the receiver is out of use.
   */
  void cancel();
}
