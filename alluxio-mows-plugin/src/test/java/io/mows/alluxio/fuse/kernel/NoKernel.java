// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.fuse.kernel;

import java.nio.file.Path;

/** Takes no file to read by itself. */
final class NoKernel implements Passthrough.Kernel {
  @Override
  public int openBacking(Path file) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void closeBacking(int backing) {
    throw new UnsupportedOperationException();
  }
}
