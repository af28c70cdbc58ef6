// SPDX-License-Identifier: Apache-2.0
package io.mows.channel;

/** The peer will not send a piece. */
public final class PieceRefusedException extends TransferException {
  private static final long serialVersionUID = 1L;

  private final RefusalReason reason;

  public PieceRefusedException(RefusalReason reason, Remedy remedy, String message) {
    super(remedy, message);
    this.reason = reason;
  }

  public RefusalReason reason() {
    return reason;
  }
}
