// SPDX-License-Identifier: Apache-2.0
package io.mows.channel.wire;

import io.mows.channel.CloseReason;

/** The peer broke the protocol; its connection must be closed. */
public final class ProtocolException extends Exception {
  private static final long serialVersionUID = 1L;

  private final CloseReason reason;

  public ProtocolException(CloseReason reason, String message) {
    super(message);
    this.reason = reason;
  }

  static ProtocolException malformed(String message) {
    return new ProtocolException(CloseReason.MALFORMED_FRAME, message);
  }

  public CloseReason reason() {
    return reason;
  }
}
