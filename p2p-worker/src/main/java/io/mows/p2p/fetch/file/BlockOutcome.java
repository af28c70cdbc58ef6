// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch.file;

/** What became of a block of one file when the store had answered. Immutable. */
final class BlockOutcome {
  static final BlockOutcome NOTHING = new BlockOutcome(Kind.NOTHING, -1, null, false);

  private final Kind kind;
  private final int block;
  private final Throwable why;
  private final boolean areWrongGone;

  enum Kind {
    /** Nothing that anybody but the blocks has to know. */
    NOTHING,
    /** It is known whether the block has room. */
    ROOM_KNOWN,
    /** The block is complete and in the cache. */
    COMMITTED,
    /** The block does not get into the cache for a while. */
    NOT_CACHED
  }

  private BlockOutcome(Kind kind, int block, Throwable why, boolean areWrongGone) {
    this.kind = kind;
    this.block = block;
    this.why = why;
    this.areWrongGone = areWrongGone;
  }

  static BlockOutcome roomKnown(int block) {
    return new BlockOutcome(Kind.ROOM_KNOWN, block, null, false);
  }

  static BlockOutcome committed(int block) {
    return new BlockOutcome(Kind.COMMITTED, block, null, false);
  }

  static BlockOutcome notCached(int block, Throwable why) {
    return new BlockOutcome(Kind.NOT_CACHED, block, why, false);
  }

  /** This as well: the last block that was wrong has left the cache, if {@code areGone}. */
  BlockOutcome withWrongGone(boolean areGone) {
    return areGone ? new BlockOutcome(kind, block, why, true) : this;
  }

  Kind kind() {
    return kind;
  }

  int block() {
    return block;
  }

  /** Why it is not cached; null unless that is so. */
  Throwable why() {
    return why;
  }

  /** Whether no block that was wrong is left in the cache since this event. */
  boolean areWrongGone() {
    return areWrongGone;
  }
}
