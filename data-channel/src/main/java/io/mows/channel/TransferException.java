// SPDX-License-Identifier: Apache-2.0
package io.mows.channel;

import java.io.IOException;

/** A transfer failed. The message is for the operator, {@link #remedy()} is for the code. */
public class TransferException extends IOException {
  private static final long serialVersionUID = 1L;

  private final Remedy remedy;

  public TransferException(Remedy remedy, String message) {
    super(message);
    this.remedy = remedy;
  }

  public TransferException(Remedy remedy, String message, Throwable cause) {
    super(message, cause);
    this.remedy = remedy;
  }

  public Remedy remedy() {
    return remedy;
  }

  /** The remedy of {@code failure}; anything that does not say so itself may be retried. */
  public static Remedy remedyOf(Throwable failure) {
    return failure instanceof TransferException
        ? ((TransferException) failure).remedy
        : Remedy.RETRY;
  }
}
