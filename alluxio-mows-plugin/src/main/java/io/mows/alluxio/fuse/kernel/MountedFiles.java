// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.fuse.kernel;

import alluxio.client.file.URIStatus;
import alluxio.exception.AlluxioException;
import io.mows.alluxio.master.PathStatus;
import io.mows.p2p.fetch.Arrival;
import io.mows.p2p.fetch.LocalStore.BlockLease;
import io.mows.p2p.fetch.PendingRead;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;

/** What can be seen through a mount; paths are as seen from there. Thread-safe. */
public interface MountedFiles {
  /** What is there, as far as the kernel may believe what was said of it a moment ago. */
  PathStatus status(String path) throws IOException, AlluxioException;

  List<URIStatus> list(String path) throws IOException, AlluxioException;

  MountedFile open(String path) throws IOException, AlluxioException;

  /**
   * The names of the extended attributes of what is there. Waits for the master a second at most,
   * and fetches nothing.
   *
   * @throws alluxio.exception.status.UnavailableException if nobody can tell so soon
   */
  List<String> attributes(String path) throws IOException, AlluxioException;

  /** As {@link #attributes}: the value of one; empty if there is none of this name. */
  Optional<byte[]> attribute(String path, String name) throws IOException, AlluxioException;

  /**
   * A reader will say what it is going to read in or below {@code directory}: until that is closed
   * exactly these files are fetched for it, and nothing is guessed. Returns at once.
   */
  Wants want(String directory);

  /** Another number each time bytes of a file were wrong and have been dropped. */
  int round(long fileId);

  /**
   * @param listener told of the id of each file whose {@link #round} is another one now; must
   *     return at once
   */
  void onDropped(LongConsumer listener);

  /** What there is room for. */
  long capacityBytes();

  /** What one reader is going to read. Thread-safe. */
  interface Wants extends AutoCloseable {
    /**
     * These files come next, in this order. Waits for the master a second at most for each
     * directory, and for nothing else.
     *
     * @param names paths relative to the directory
     * @return whether all of them are files that are there; those that are have been taken
     * @throws alluxio.exception.status.UnavailableException if nobody can tell so soon; nothing has
     *     been taken then
     */
    boolean add(List<String> names) throws IOException, AlluxioException;

    /** What has not been begun is not fetched any more. */
    @Override
    void close();
  }

  /** One open file; any number of threads may read it at once. */
  interface MountedFile extends AutoCloseable {
    long fileId();

    /** Whether to hand it to the kernel costs more than to read it into the kernel's page cache. */
    boolean isSmall();

    /** Whether the pages that the kernel has from the open before are this file's. */
    boolean keepsPages();

    /**
     * Reads from {@code position} until {@code dst} is full or the file ends.
     *
     * @return how many bytes were read, 0 at the end of the file
     */
    int read(long position, ByteBuffer dst) throws IOException;

    /**
     * The {@link #read} of up to {@code length} bytes, if it would have to wait until they come.
     *
     * @return closed by the caller; empty if it would not, or if that is not known
     */
    Optional<PendingRead> pending(long position, int length) throws IOException;

    /**
     * All of the file, if it is one block and in memory now and may be shown; it stays there until
     * the caller closes the lease.
     */
    Optional<BlockLease> whole() throws IOException;

    /** How all of the file comes, if {@link #whole} may have it soon; the caller closes it. */
    Optional<Arrival> arrival();

    /** The kernel will read it by itself. */
    void passedThrough();

    @Override
    void close() throws IOException;
  }
}
