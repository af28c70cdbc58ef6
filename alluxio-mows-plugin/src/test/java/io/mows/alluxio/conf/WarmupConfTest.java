// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.conf;

import static io.mows.alluxio.conf.Refusals.assertRefused;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class WarmupConfTest {
  private static final String PRELOAD = "alluxio.mows.preload";
  private static final String PREFETCH = "alluxio.mows.prefetch.idle";
  private static final String PATHS = "alluxio.mows.paths";

  private static List<String> preload(String paths, String preload) {
    return MowsConf.of(Map.of(PATHS, paths, PRELOAD, preload)).preload();
  }

  @Test
  void shouldPreloadNothingAndPrefetchByDefault() {
    assertEquals(List.of(), MowsConf.of(Map.of()).preload());
    assertTrue(MowsConf.of(Map.of()).prefetchIdle());
    assertFalse(MowsConf.of(Map.of(PREFETCH, "false")).prefetchIdle());
    assertRefused(PREFETCH, "maybe", "true or false");
  }

  @Test
  void shouldTakeTheRootForAllThatIsAccelerated() {
    assertEquals(List.of("/a", "/b"), preload("/a,/b", "/"));
    assertEquals(List.of("/"), preload("/", "/"));
    assertEquals(List.of("/a/x", "/b"), preload("/a,/b", "/a/x/, /b"));
  }

  @Test
  void shouldRefuseWhatIsNotAcceleratedOrNoPath() {
    assertRefused(Map.of(PATHS, "/a"), PRELOAD, "/b", "not below alluxio.mows.paths=/a");
    assertRefused(PRELOAD, "models", "not an absolute Alluxio path");
  }
}
