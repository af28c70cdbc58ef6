// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch;

import io.mows.channel.StoreException;
import io.mows.channel.memory.BlockFile;
import java.io.IOException;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The cache that blocks are read from and written into. Thread-safe; all methods but {@link
 * #isCommitted} may block on local I/O or on the store's own locks, {@link #commit} also on the
 * Alluxio master. So none but that one is called by the engine's thread.
 */
public interface LocalStore {
  /** Opens a complete block for reading; until it is closed the block is not evicted. */
  Optional<BlockLease> openCommitted(long blockId) throws IOException;

  /**
   * Whether the cache has this complete block, as far as is known without waiting for anything:
   * answers at once, on any thread. {@link #openCommitted} tells for sure.
   */
  boolean isCommitted(long blockId);

  /**
   * As {@link #openCommitted}, but does not count as a use of the block: it is evicted as before.
   */
  Optional<BlockLease> inspect(long blockId) throws IOException;

  /**
   * Opens the file of a complete block for sending, also while {@link #commit} tells the Alluxio
   * master of it, which may take long. What is open can be read when the block is evicted; the
   * caller closes it.
   */
  default Optional<BlockFile> openToSend(long blockId) throws IOException {
    Optional<BlockLease> lease = openCommitted(blockId);
    if (lease.isEmpty()) {
      return Optional.empty();
    }
    try (BlockLease committed = lease.get()) {
      return Optional.of(committed.file().reopen());
    }
  }

  /**
   * Removes a complete block whose bytes are wrong; does nothing if it is not there.
   *
   * @throws IOException if it could not be removed
   */
  void remove(long blockId) throws IOException;

  /**
   * Reserves room for a whole block, evicting others if need be, and opens the file it is written
   * into.
   *
   * @throws NoSpaceException if it does not fit
   * @throws IOException if it cannot be had for another reason
   */
  BlockFile reserve(long blockId, long lengthBytes) throws IOException;

  /**
   * Whether the cache may have the bytes of this block under the name of another file: answers at
   * once, on any thread.
   */
  default boolean mayHaveTwin(FileSpec file, int block) {
    return false;
  }

  /**
   * A complete block of another file that has the same bytes, because both files are one file at
   * the origin, which is asked.
   *
   * @return the id of that block; empty if there is none, or if that is not sure
   */
  default OptionalLong twinOf(FileSpec file, int block) throws IOException {
    return OptionalLong.empty();
  }

  /**
   * As {@link #reserve}, but the room has all its bytes already: it is one more name of the file of
   * {@code twin}. Nobody may write into it, and what it opens is for reading.
   *
   * @return empty if that cannot be done; nothing is reserved then
   */
  default Optional<BlockFile> link(long blockId, long lengthBytes, long twin) throws IOException {
    return Optional.empty();
  }

  /**
   * How many more bytes the file system really takes now, whatever the cache believes to be free.
   */
  long writableBytes() throws IOException;

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
  final class NoSpaceException extends StoreException {
    private static final long serialVersionUID = 1L;

    public NoSpaceException(String message, Throwable cause) {
      super(message, cause);
    }

    /** For a block of a file, with the remedy. */
    public static NoSpaceException of(FileSpec file, int block) {
      return of(file, block, null);
    }

    /**
     * As the other one.
     *
     * @param cause what the cache or the file system said; null if nothing
     */
    public static NoSpaceException of(FileSpec file, int block, Throwable cause) {
      return new NoSpaceException(
          "No room for block "
              + file.blockId(block)
              + " of "
              + file
              + ": the worker's memory is full of pinned, busy or foreign data"
              + (cause == null ? "" : " (" + cause.getMessage() + ")")
              + ". Give it more memory (alluxio.worker.ramdisk.size), unpin something, or remove"
              + " what else lies there: 'alluxio fs mows check' names it.",
          cause);
    }
  }
}
