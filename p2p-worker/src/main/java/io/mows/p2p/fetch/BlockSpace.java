// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch;

import io.mows.channel.memory.BlockFile;
import java.io.IOException;
import java.util.Optional;

/**
 * The cache that blocks are read from and written into. Thread-safe; all methods may block on local
 * I/O or on the store's own locks, {@link #commit} also on the Alluxio master.
 */
public interface BlockSpace {
  /** Opens a complete block for reading; until it is closed the block is not evicted. */
  Optional<BlockLease> openCommitted(long blockId) throws IOException;

  boolean isCommitted(long blockId);

  /**
   * Reserves room for a whole block, evicting others if need be, and opens the file it is written
   * into.
   *
   * @throws NoSpaceException if it does not fit
   */
  BlockFile reserve(long blockId, long lengthBytes) throws IOException;

  /** Makes a block whose bytes are all written visible to everybody. */
  void commit(long blockId) throws IOException;

  /** Gives back the room of a block that was reserved and not committed. */
  void abort(long blockId);

  /** A complete block, held open for one reader. */
  interface BlockLease extends AutoCloseable {
    BlockFile file();

    @Override
    void close();
  }

  /** The cache is full of data that must stay. */
  final class NoSpaceException extends IOException {
    private static final long serialVersionUID = 1L;

    public NoSpaceException(String message, Throwable cause) {
      super(message, cause);
    }
  }
}
