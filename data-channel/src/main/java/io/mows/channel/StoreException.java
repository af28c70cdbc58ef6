// SPDX-License-Identifier: Apache-2.0
package io.mows.channel;

import java.io.IOException;
import java.util.Optional;

/**
 * This worker could not put bytes where they belong: its memory is full or broken, or the transfer
 * was called off. It is the doing of this worker alone, and says nothing of who sent the bytes:
 * nobody is asked about it, blamed for it, or asked for the same again because of it.
 *
 * <p>Thrown by local writes only. Whoever moves bytes passes it on as it is.
 */
public class StoreException extends IOException {
  private static final long serialVersionUID = 1L;

  public StoreException(String message) {
    super(message);
  }

  public StoreException(String message, Throwable cause) {
    super(message, cause);
  }

  /** The one that {@code failure} is or was caused by, if there is one. */
  public static Optional<StoreException> within(Throwable failure) {
    Throwable at = failure;
    while (at != null && !(at instanceof StoreException)) {
      at = at.getCause();
    }
    return Optional.ofNullable((StoreException) at);
  }
}
