// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch;

/** When bytes are shown to readers. */
public enum VerifyMode {
  /** When the whole file is known to be what the manifest says. */
  STRICT,
  /** Piece by piece; the whole file is checked against the manifest when its last piece is here. */
  PIECE,
  /** Piece by piece; manifests are not looked at. */
  OFF
}
