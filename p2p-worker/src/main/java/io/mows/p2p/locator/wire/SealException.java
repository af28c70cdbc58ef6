// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.locator.wire;

import java.io.IOException;

/** A message does not prove that its sender knows the shared secret, or is not fresh. */
public class SealException extends IOException {
  private static final long serialVersionUID = 1L;

  SealException(String message) {
    super(message);
  }
}
