// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.check;

import java.util.List;
import java.util.stream.Collectors;

/** Says whose clocks are off. Stateless. */
public final class ClockChecks {
  private ClockChecks() {}

  /**
   * @param clocksOff of each member of the locator whose clock is off: whose, and how far
   */
  public static List<Finding> of(List<String> clocksOff) {
    return clocksOff.stream()
        .map(
            clock ->
                Finding.note(
                    "clock",
                    clock,
                    "this is allowed for; but synchronise the clocks of all workers (NTP). The one"
                        + " that is off is this worker's where it says so of every member"))
        .collect(Collectors.toList());
  }
}
