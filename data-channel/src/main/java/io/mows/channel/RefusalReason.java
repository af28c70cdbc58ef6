// SPDX-License-Identifier: Apache-2.0
package io.mows.channel;

/** Why a peer does not send a piece, and what the one who asked should do. */
public enum RefusalReason {
  /** Too many wait already. */
  BUSY(Remedy.RETRY),
  /** It was here and was evicted. */
  GONE(Remedy.RETRY_ELSEWHERE),
  /** The file is not for peers, or not for this one. */
  NOT_ALLOWED(Remedy.RETRY_ELSEWHERE),
  /** There is no such file, version, piece or range here. */
  UNKNOWN(Remedy.RETRY_ELSEWHERE);

  private final Remedy remedy;

  RefusalReason(Remedy remedy) {
    this.remedy = remedy;
  }

  /** Never {@link Remedy#STOP}: no peer can speak for all sources. */
  public Remedy remedy() {
    return remedy;
  }
}
