// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.check;

import java.util.List;

/** Whether this worker hosts its part of the locator. */
public final class LocatorChecks {
  private LocatorChecks() {}

  /**
   * Nothing as long as nothing is wrong.
   *
   * @param memberObstacle why the member that this worker should host beside others does not run
   */
  public static List<Finding> of(String memberObstacle) {
    return memberObstacle.isEmpty()
        ? List.of()
        : List.of(
            Finding.problem(
                "locator",
                "this worker's member does not run, and the locator stands fewer failures of others"
                    + " without it: "
                    + memberObstacle,
                "what it says; it is tried again every minute"));
  }
}
