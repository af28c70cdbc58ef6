// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch.file;

import io.mows.channel.TransferException;

/** What became of one transfer that has ended, as {@link TransferEnds} found out. Immutable. */
final class TransferOutcome {
  /** No transfer is known by that ticket. */
  static final TransferOutcome UNKNOWN = new TransferOutcome(Kind.UNKNOWN, null, null, false);

  private final Kind kind;
  private final Transfer transfer;
  private final Throwable failure;
  private final boolean isGivenUp;

  enum Kind {
    UNKNOWN,
    /** Nothing that anybody but the decisions has to know. */
    OVER,
    /** The piece has come from a peer and may be shown. */
    ARRIVED,
    /** A hedge was faster: its bytes are here, aside, and go where the piece belongs. */
    FASTER,
    /** The origin did not give the piece. */
    READ_FAILED,
    /** The origin is away or denies: the piece is read later, or comes from a peer. */
    ORIGIN_AWAY,
    /** The piece cannot be kept, and readers will never get this file. */
    CANNOT_SHOW
  }

  private TransferOutcome(Kind kind, Transfer transfer, Throwable failure, boolean isGivenUp) {
    this.kind = kind;
    this.transfer = transfer;
    this.failure = failure;
    this.isGivenUp = isGivenUp;
  }

  static TransferOutcome over(Transfer transfer) {
    return new TransferOutcome(Kind.OVER, transfer, null, false);
  }

  static TransferOutcome arrived(Transfer transfer) {
    return new TransferOutcome(Kind.ARRIVED, transfer, null, false);
  }

  static TransferOutcome faster(Transfer hedge) {
    return new TransferOutcome(Kind.FASTER, hedge, null, false);
  }

  /** If {@code isGivenUp}, the piece is not tried again by itself. */
  static TransferOutcome readFailed(Transfer read, Throwable failure, boolean isGivenUp) {
    return new TransferOutcome(Kind.READ_FAILED, read, failure, isGivenUp);
  }

  static TransferOutcome originAway(Transfer read) {
    return new TransferOutcome(Kind.ORIGIN_AWAY, read, null, false);
  }

  static TransferOutcome cannotShow(Transfer transfer, TransferException why) {
    return new TransferOutcome(Kind.CANNOT_SHOW, transfer, why, false);
  }

  Kind kind() {
    return kind;
  }

  /** The transfer, which has still to give back what it holds; null if it is unknown. */
  Transfer transfer() {
    return transfer;
  }

  int piece() {
    return transfer.piece;
  }

  /** Of {@link Kind#READ_FAILED} and {@link Kind#CANNOT_SHOW}. */
  Throwable failure() {
    return failure;
  }

  boolean isGivenUp() {
    return isGivenUp;
  }
}
