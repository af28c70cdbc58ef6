// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.conf;

import java.util.List;
import java.util.Map;

/** Settings for the tests of other packages. */
public final class MowsConfs {
  private MowsConfs() {}

  public static PathPrefixes paths(String... paths) {
    return new PathPrefixes(List.of(paths));
  }

  /** All defaults but {@code values}. */
  public static MowsConf of(Map<String, String> values) {
    return MowsConf.of(values);
  }

  /** With these {@code alluxio.mows.locator.addresses}. */
  public static LocatorConf locator(String addresses) {
    return of(Map.of(MowsKey.LOCATOR_ADDRESSES.key(), addresses)).locator();
  }
}
