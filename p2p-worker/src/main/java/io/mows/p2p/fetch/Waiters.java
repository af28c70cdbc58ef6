// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch;

/** How many wait for bytes of a file. Immutable. */
public final class Waiters {
  public static final Waiters NONE = new Waiters(0, 0, 0);

  private final int readers;
  private final int loads;
  private final int firstPiece;

  public Waiters(int readers, int loads, int firstPiece) {
    this.readers = readers;
    this.loads = loads;
    this.firstPiece = firstPiece;
  }

  /** Reads that wait for a piece. */
  public int readers() {
    return readers;
  }

  /** Loads of blocks that are not done. */
  public int loads() {
    return loads;
  }

  /** The first piece that a reader waits for; 0 if none does. */
  public int firstPiece() {
    return firstPiece;
  }
}
