// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.master;

import alluxio.exception.AccessControlException;
import alluxio.exception.FileDoesNotExistException;
import alluxio.exception.InvalidPathException;
import alluxio.exception.status.InvalidArgumentException;
import alluxio.exception.status.NotFoundException;
import alluxio.exception.status.PermissionDeniedException;

/** Tells what the master has said from what a client says that has not heard of it. */
final class MasterAnswers {
  private MasterAnswers() {}

  /** Whether the master itself has said that. */
  static boolean isOne(Throwable failure) {
    return !isStarting(failure)
        && (failure instanceof FileDoesNotExistException
            || failure instanceof InvalidPathException
            || failure instanceof AccessControlException
            || failure instanceof NotFoundException
            || failure instanceof InvalidArgumentException
            || failure instanceof PermissionDeniedException);
  }

  /**
   * A master that starts answers "Service FILE_SYSTEM_MASTER_CLIENT_SERVICE is not found", which
   * Alluxio's client takes for the file.
   *
   * <p>Source: ServiceVersionClientServiceHandler and BaseFileSystem.rpc of Alluxio 2.9.6.
   */
  private static boolean isStarting(Throwable failure) {
    String message = String.valueOf(failure.getMessage());
    return message.startsWith("Service ") && message.contains("not found");
  }
}
