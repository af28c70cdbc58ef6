// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.conf;

import java.util.List;

/** Settings for the tests of other packages. */
public final class MowsConfs {
  private MowsConfs() {}

  public static PathPrefixes paths(String... paths) {
    return new PathPrefixes(List.of(paths));
  }
}
