// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch.state;

import java.io.IOException;

/** What those are told who come while the engine is closing or after. */
public final class EngineClosed {
  private EngineClosed() {}

  /**
   * Not the origin's word, so no TransferException: they may ask stock Alluxio as long as that is
   * there.
   */
  public static IOException failure() {
    return new IOException("The worker is shutting down");
  }
}
