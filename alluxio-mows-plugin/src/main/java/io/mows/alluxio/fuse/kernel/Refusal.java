// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.fuse.kernel;

import java.io.IOException;
import jnr.constants.platform.Errno;

/** What a request fails with, on purpose. */
final class Refusal extends IOException {
  private static final long serialVersionUID = 1L;
  private final Errno errno;

  Refusal(Errno errno) {
    super(errno.name());
    this.errno = errno;
  }

  Errno errno() {
    return errno;
  }
}
