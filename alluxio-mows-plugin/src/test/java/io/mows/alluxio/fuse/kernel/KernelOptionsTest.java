// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.fuse.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class KernelOptionsTest {
  @Test
  void shouldDoAsLibfuseWhereNothingIsSaid() {
    KernelOptions options = KernelOptions.parse(Set.of()).orElseThrow();
    assertEquals("", options.ofTheKernel());
    assertFalse(options.directIo());
    assertEquals(1_000, options.entryValidMs());
    assertEquals(1_000, options.attributesValidMs());
  }

  @Test
  void shouldTakeWhatTheOperatorSays() {
    KernelOptions options =
        KernelOptions.parse(
                Set.of(
                    "allow_other",
                    "default_permissions",
                    "direct_io",
                    "ro",
                    "big_writes",
                    "max_idle_threads=64",
                    "max_threads=7",
                    "attr_timeout=600",
                    "entry_timeout=0.5"))
            .orElseThrow();
    assertEquals("allow_other,default_permissions", options.ofTheKernel());
    assertTrue(options.directIo());
    assertEquals(7, options.maxThreads());
    assertEquals(600_000, options.attributesValidMs());
    assertEquals(500, options.entryValidMs());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "rw",
        "kernel_cache",
        "max_read=4096",
        "max_threads=0",
        "max_threads=x",
        "entry_timeout=-1",
        "attr_timeout=long",
        "allow_other=1",
        "default_permissions=1"
      })
  void shouldLeaveToLibfuseWhatItDoesNotKnow(String option) {
    assertTrue(KernelOptions.parse(Set.of("ro", option)).isEmpty());
  }
}
