// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch.proof;

import io.mows.channel.TransferException;
import java.util.BitSet;

/**
 * What {@link FileVerifier} has found in one event; the fetch of the file carries out what follows.
 */
public final class Findings {
  private final BitSet wrong = new BitSet();
  private boolean isShown;
  private boolean wantsAll;
  private boolean wantsRestart;
  private TransferException cannotShow;

  /** From now on readers may see what is here. */
  void show() {
    isShown = true;
  }

  public boolean isShown() {
    return isShown;
  }

  /** These pieces are wrong: they are to be fetched again. Nobody sees the file any more. */
  void discard(BitSet pieces) {
    wrong.or(pieces);
  }

  public BitSet wrong() {
    return wrong;
  }

  /** All of the file is needed, or nothing of it can be shown. */
  void wantAll() {
    wantsAll = true;
  }

  public boolean wantsAll() {
    return wantsAll;
  }

  /** All of it is to be read again. */
  void restart() {
    wantsRestart = true;
  }

  public boolean wantsRestart() {
    return wantsRestart;
  }

  /** Nobody may see the file. */
  void refuse(TransferException why) {
    cannotShow = why;
  }

  /** Why nobody may see the file; null if that is not so. */
  public TransferException cannotShow() {
    return cannotShow;
  }
}
