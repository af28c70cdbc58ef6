// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.peer;

/**
 * The kinds of what is said on a connection: one byte, then the fields in the order of the classes,
 * big-endian. Lists begin with their length; a set of pieces is empty, full or one bit a piece.
 * {@link DialMessages} has some more.
 */
final class PeerKinds {
  /** As many pieces as a file of 16 TiB has in pieces of 4 MiB. */
  static final int MAX_PIECES = 1 << 22;

  static final byte VERSION = 1;

  static final byte GREETING = 1;
  static final byte FULL = 2;
  static final byte MAP = 3;
  static final byte DELTA = 4;
  static final byte RUMOUR = 5;
  static final byte OFFER = 6;
  static final byte REFUSED = 7;

  /** The forms of a set of pieces. */
  static final byte NO_PIECES = 0;

  static final byte ALL_PIECES = 1;
  static final byte SOME_PIECES = 2;

  private PeerKinds() {}
}
