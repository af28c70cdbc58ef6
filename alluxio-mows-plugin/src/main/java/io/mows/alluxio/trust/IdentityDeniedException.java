// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.trust;

import java.io.IOException;

/** This user may not read or write the identity of the cluster; says what to do. */
final class IdentityDeniedException extends IOException {
  private static final long serialVersionUID = 1L;

  IdentityDeniedException(String message, Throwable cause) {
    super(message, cause);
  }
}
