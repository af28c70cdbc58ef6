// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.fuse.kernel;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** What a test needs that mounts. */
final class RealMount {
  private RealMount() {}

  static void assumePossible() {
    assumeTrue("root".equals(System.getProperty("user.name")), "only root mounts");
    assumeTrue(Files.exists(Path.of("/dev/fuse")), "there is no /dev/fuse");
  }

  /** Waits for what the kernel or another process does. */
  static void await(String what, BooleanSupplier condition) throws InterruptedException {
    long endNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (!condition.getAsBoolean()) {
      assertTrue(System.nanoTime() < endNs, () -> "waited in vain for " + what);
      Thread.sleep(10);
    }
  }
}
