// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.conf;

import alluxio.conf.Configuration;
import alluxio.conf.PropertyKey;
import java.nio.file.Path;

/** Alluxio's configuration is one for the whole process: a test that sets it resets it. */
public final class TestConfiguration {
  private TestConfiguration() {}

  /** One memory tier of {@code capacityBytes} on {@code dir}. */
  public static void storage(Path dir, long capacityBytes) {
    Configuration.set(PropertyKey.WORKER_TIERED_STORE_LEVELS, 1);
    Configuration.set(
        PropertyKey.Template.WORKER_TIERED_STORE_LEVEL_DIRS_PATH.format(0), dir.toString());
    Configuration.set(
        PropertyKey.Template.WORKER_TIERED_STORE_LEVEL_DIRS_QUOTA.format(0),
        Long.toString(capacityBytes));
    // The default one refuses at random when the tier is nearly full.
    Configuration.set(
        PropertyKey.WORKER_REVIEWER_CLASS, "alluxio.worker.block.reviewer.AcceptingReviewer");
  }

  public static void set(String key, Object value) {
    Configuration.set(PropertyKey.getOrBuildCustom(key), value);
  }

  public static void reset() {
    Configuration.reloadProperties();
  }
}
