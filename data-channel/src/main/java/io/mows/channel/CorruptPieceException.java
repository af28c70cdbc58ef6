// SPDX-License-Identifier: Apache-2.0
package io.mows.channel;

/** The bytes that arrived are not those that the peer announced: a strike against the peer. */
public final class CorruptPieceException extends TransferException {
  private static final long serialVersionUID = 1L;

  public CorruptPieceException(String message) {
    super(Remedy.RETRY_ELSEWHERE, message);
  }
}
