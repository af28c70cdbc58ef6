// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.fuse;

import static org.junit.jupiter.api.Assertions.assertEquals;

import alluxio.AlluxioURI;
import io.mows.alluxio.fuse.kernel.KernelOptions;
import java.util.List;
import org.junit.jupiter.api.Test;

final class FreshnessTest {
  private static long freshMs(long syncIntervalMs, String... options) {
    return Freshness.of(KernelOptions.parse(List.of(options)), path -> syncIntervalMs)
        .applyAsLong(new AlluxioURI("/models/w"));
  }

  @Test
  void shouldBelieveNothingForLongerThanTheKernelMay() {
    assertEquals(1_000, freshMs(-1), "as libfuse's");
    assertEquals(300, freshMs(-1, "entry_timeout=0.3", "attr_timeout=600"));
    assertEquals(200, freshMs(-1, "entry_timeout=600", "attr_timeout=0.2"));
    assertEquals(0, freshMs(-1, "entry_timeout=0"));
    assertEquals(0, freshMs(-1, "attr_timeout=0"));
  }

  @Test
  void shouldNotTakeTheLongTimesOfAttributesForThoseOfOpens() {
    assertEquals(1_000, freshMs(-1, "attr_timeout=600", "entry_timeout=600"));
  }

  @Test
  void shouldBelieveNothingForLongerThanAlluxioDoes() {
    assertEquals(0, freshMs(0));
    assertEquals(500, freshMs(500));
    assertEquals(1_000, freshMs(60_000));
  }
}
