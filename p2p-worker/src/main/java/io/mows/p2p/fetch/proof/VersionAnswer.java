// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch.proof;

import java.util.BitSet;

/**
 * What the origin has said of the version of one file, as {@link VersionQuestions} understands it.
 * Immutable.
 */
public final class VersionAnswer {
  static final VersionAnswer NOTHING = new VersionAnswer(Kind.NOTHING, new BitSet(), null);

  private final Kind kind;
  private final BitSet pieces;
  private final Throwable failure;

  public enum Kind {
    /** Nobody has asked, or nobody wants to know any more. */
    NOTHING,
    /** The pieces are of our version. */
    CONFIRMED,
    /** They cannot be confirmed; the plan still counts them among those that landed. */
    UNCONFIRMED,
    /** The origin is away or denies: the same is asked again later. */
    ORIGIN_AWAY,
    /** The answer to {@link VersionQuestions#doubt}, which is about no pieces. */
    DOUBT
  }

  private VersionAnswer(Kind kind, BitSet pieces, Throwable failure) {
    this.kind = kind;
    this.pieces = pieces;
    this.failure = failure;
  }

  static VersionAnswer confirmed(BitSet pieces) {
    return new VersionAnswer(Kind.CONFIRMED, pieces, null);
  }

  static VersionAnswer unconfirmed(BitSet pieces, Throwable failure) {
    return new VersionAnswer(Kind.UNCONFIRMED, pieces, failure);
  }

  static VersionAnswer originAway(BitSet pieces, Throwable failure) {
    return new VersionAnswer(Kind.ORIGIN_AWAY, pieces, failure);
  }

  static VersionAnswer ofDoubt(Throwable failure) {
    return new VersionAnswer(Kind.DOUBT, new BitSet(), failure);
  }

  public Kind kind() {
    return kind;
  }

  /** The pieces that had landed when the origin was asked. Not to be changed. */
  public BitSet pieces() {
    return pieces;
  }

  /** Why it is no yes; null if it is one. */
  public Throwable failure() {
    return failure;
  }
}
