// SPDX-License-Identifier: Apache-2.0
package io.mows.it.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

final class ProcessorTimeTest {
  @Test
  void shouldCountAllButIdleAndWaitingTime() {
    ProcessorTime before = ProcessorTime.parse("cpu  100 0 50 1000 10 0 5 0 7 0");
    ProcessorTime after = ProcessorTime.parse("cpu  140 0 60 1040 20 0 5 0 47 0");
    assertEquals(0.5, after.busySince(before), 1e-9);
    assertEquals(0.5, after.busySecondsSince(before), 1e-9);
    assertEquals(0, after.busySince(after), 1e-9);
  }
}
