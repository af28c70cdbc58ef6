// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch;

import io.mows.channel.Remedy;
import io.mows.channel.TransferException;

/** Bytes that an open file was given turned out to be wrong: it gets no more of them, for ever. */
public final class DroppedBytesException extends TransferException {
  private static final long serialVersionUID = 1L;

  public DroppedBytesException(String path) {
    super(
        Remedy.STOP,
        "Bytes of "
            + path
            + " that were read through this open file were wrong and have been dropped. What was"
            + " read from it must not be used. Open it again: that gives the right ones.");
  }
}
