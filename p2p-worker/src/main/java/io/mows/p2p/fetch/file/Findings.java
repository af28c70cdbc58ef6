// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch.file;

import io.mows.channel.TransferException;
import java.util.BitSet;

/**
 * What {@link FileVerifier} has found in one event; {@link FileProving} carries out what follows.
 */
final class Findings {
  private final BitSet wrong = new BitSet();
  private boolean isShown;
  private boolean wantsAll;
  private boolean wantsRestart;
  private TransferException cannotShow;

  /** From now on readers may see what is here. */
  void show() {
    isShown = true;
  }

  boolean isShown() {
    return isShown;
  }

  /** These pieces are wrong: they are to be fetched again. Nobody sees the file any more. */
  void discard(BitSet pieces) {
    wrong.or(pieces);
  }

  BitSet wrong() {
    return wrong;
  }

  /** All of the file is needed, or nothing of it can be shown. */
  void wantAll() {
    wantsAll = true;
  }

  boolean wantsAll() {
    return wantsAll;
  }

  /** All of it is to be read again. */
  void restart() {
    wantsRestart = true;
  }

  boolean wantsRestart() {
    return wantsRestart;
  }

  /** Nobody may see the file. */
  void refuse(TransferException why) {
    cannotShow = why;
  }

  /** Why nobody may see the file; null if that is not so. */
  TransferException cannotShow() {
    return cannotShow;
  }
}
