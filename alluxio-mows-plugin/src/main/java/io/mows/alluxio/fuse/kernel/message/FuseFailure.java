// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.fuse.kernel.message;

import alluxio.exception.AccessControlException;
import alluxio.exception.FileDoesNotExistException;
import alluxio.exception.InvalidPathException;
import alluxio.exception.status.UnavailableException;
import io.mows.alluxio.metrics.ToldException;
import io.mows.p2p.fetch.DroppedBytesException;
import java.io.IOException;
import jnr.constants.platform.Errno;

/** What a request fails with, on purpose. */
public final class FuseFailure extends IOException {
  private static final long serialVersionUID = 1L;
  private final Errno errno;

  public FuseFailure(Errno errno) {
    super(errno.name());
    this.errno = errno;
  }

  /** Whether {@code failure} is one that nobody has logged or meant. */
  public static boolean isUnexpected(Throwable failure) {
    boolean told =
        failure instanceof FuseFailure
            || failure instanceof ToldException
            || failure instanceof DroppedBytesException
            || failure instanceof UnavailableException;
    return !told && errno(failure) == Errno.EIO;
  }

  /** What the kernel is told of {@code failure}. */
  public static Errno errno(Throwable failure) {
    if (failure instanceof FuseFailure) {
      return ((FuseFailure) failure).errno;
    }
    // Only what the master says of a path; a block's file that is gone is another matter.
    if (failure instanceof FileDoesNotExistException || failure instanceof InvalidPathException) {
      return Errno.ENOENT;
    }
    return failure instanceof AccessControlException ? Errno.EACCES : Errno.EIO;
  }
}
