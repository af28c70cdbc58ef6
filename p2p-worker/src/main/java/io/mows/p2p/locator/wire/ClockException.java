// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.locator.wire;

/** A message is genuine, but its sender's clock and ours differ by too much. Immutable. */
public final class ClockException extends SealException {
  private static final long serialVersionUID = 1L;

  private final long nonce;

  ClockException(String message, long nonce) {
    super(message);
    this.nonce = nonce;
  }

  /** The random number of the message. */
  public long nonce() {
    return nonce;
  }
}
