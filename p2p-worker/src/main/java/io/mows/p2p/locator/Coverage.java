// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.locator;

import io.mows.p2p.locator.wire.WireException;

/**
 * How much of a file a peer has, in thousandths, and whether it is still getting more. The piece
 * map itself is exchanged between peers; this is enough to choose whom to ask. Immutable; there is
 * one instance of each value, so they may be compared with {@code ==}.
 */
public final class Coverage {
  private static final int FULL = 1000;
  private static final Coverage[] RESTING = values(false);
  private static final Coverage[] FETCHING = values(true);

  /** The whole file. */
  public static final Coverage COMPLETE = RESTING[FULL];

  private final int permille;
  private final boolean fetching;

  private Coverage(int permille, boolean fetching) {
    this.permille = permille;
    this.fetching = fetching;
  }

  private static Coverage[] values(boolean fetching) {
    Coverage[] values = new Coverage[FULL + 1];
    for (int permille = 0; permille <= FULL; permille++) {
      values[permille] = new Coverage(permille, fetching);
    }
    return values;
  }

  /**
   * The coverage of {@code present} pieces out of {@code pieceCount}: 1000 only if all are there, 0
   * only if none is.
   *
   * @param fetching whether the rest is on its way; of no meaning when the file is complete
   */
  public static Coverage of(int present, int pieceCount, boolean fetching) {
    if (present >= pieceCount) {
      return COMPLETE;
    }
    int permille = (int) ((long) present * FULL / pieceCount);
    return ofPermille(present > 0 ? Math.max(1, permille) : 0, fetching);
  }

  /**
   * @throws IllegalArgumentException unless {@code permille} is from 0 to 1000
   */
  public static Coverage ofPermille(int permille, boolean fetching) {
    if (permille < 0 || permille > FULL) {
      throw new IllegalArgumentException("Not a number of thousandths: " + permille);
    }
    return permille == FULL ? COMPLETE : fetching ? FETCHING[permille] : RESTING[permille];
  }

  public int permille() {
    return permille;
  }

  public boolean isFetching() {
    return fetching;
  }

  /** Whether some of the file is there, and some is not. */
  public boolean isPartial() {
    return permille > 0 && permille < FULL;
  }

  public boolean isComplete() {
    return permille == FULL;
  }

  /**
   * Whether others should hear of the change from this to {@code next} soon. Those who share the
   * file are connected and tell one another of each piece; the rest only choose whom to ask.
   */
  public boolean isFarFrom(Coverage next) {
    return next.isPartial() != isPartial()
        || next.isComplete() != isComplete()
        || next.fetching != fetching
        || Math.abs(next.permille - permille) >= FULL / 4;
  }

  public int code() {
    return permille << 1 | (fetching ? 1 : 0);
  }

  public static Coverage fromCode(int code) throws WireException {
    if (code > FULL << 1) {
      throw new WireException("a coverage is " + code);
    }
    return ofPermille(code >>> 1, (code & 1) != 0);
  }

  @Override
  public String toString() {
    return permille / 10.0 + " %" + (fetching ? ", fetching" : "");
  }
}
