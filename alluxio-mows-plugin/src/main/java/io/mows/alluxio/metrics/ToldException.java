// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.metrics;

import java.io.IOException;

/** A read failed, and the log and {@code status} say so: whoever passes it on says nothing more. */
public final class ToldException extends IOException {
  private static final long serialVersionUID = 1L;

  ToldException(Throwable cause) {
    super(cause.getMessage(), cause);
    for (Throwable also : cause.getSuppressed()) {
      addSuppressed(also);
    }
  }
}
