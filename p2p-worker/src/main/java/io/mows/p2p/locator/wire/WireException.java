// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.locator.wire;

import java.io.IOException;

/** Bytes are not what the locator writes: damaged, foreign, or of a newer version. */
public final class WireException extends IOException {
  private static final long serialVersionUID = 1L;

  public WireException(String message) {
    super(message);
  }

  public WireException(String message, Throwable cause) {
    super(message, cause);
  }
}
