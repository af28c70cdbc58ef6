// SPDX-License-Identifier: Apache-2.0
package io.mows.it.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class ClusterConfigTest {
  private static final Path JAR = Path.of("/jars/drop-in.jar");

  @Test
  void shouldKeepJarAwayFromStockWorkersOnly() {
    ClusterConfig config = ClusterConfig.builder().workers(2).dropInJar(JAR).stockWorker(1).build();
    assertEquals(Optional.of(JAR), config.dropInJar(0));
    assertEquals(Optional.empty(), config.dropInJar(1));
  }

  @Test
  void shouldGiveAWorkerTheJarOfAnotherRelease() {
    Path older = Path.of("/jars/older.jar");
    ClusterConfig config =
        ClusterConfig.builder().workers(2).dropInJar(JAR).workerJar(1, older).build();
    assertEquals(Optional.of(JAR), config.dropInJar(0));
    assertEquals(Optional.of(older), config.toBuilder().build().dropInJar(1));
    assertEquals(Optional.of(JAR), config.dropInJar(), "the master's");
  }

  @Test
  void shouldNotChangeWithTheBuilderItCameFrom() {
    ClusterConfig.Builder builder = ClusterConfig.builder().property("key", "one");
    ClusterConfig config = builder.build();
    builder.property("key", "two").workerProperty(0, "key", "three");
    assertEquals(Map.of("key", "one"), config.properties());
    assertEquals(Map.of(), config.workerProperties(0));
  }

  @Test
  void shouldGiveEachWorkerItsOwnPropertiesAndLink() {
    ClusterConfig config =
        ClusterConfig.builder()
            .workers(2)
            .workerProperty(1, "alluxio.mows.role", "warmup")
            .network(NetworkConfig.namespaces().withWorkerLink(1000).withWorkerLink(1, 10))
            .build();
    assertEquals(Map.of(), config.workerProperties(0));
    assertEquals(Map.of("alluxio.mows.role", "warmup"), config.workerProperties(1));
    assertEquals(1000, config.network().workerBitsPerSecond(0));
    assertEquals(10, config.network().workerBitsPerSecond(1));
  }

  @Test
  void shouldRefuseSettingsThatContradictEachOther() {
    ClusterConfig.Builder twoRoots =
        ClusterConfig.builder().localRoot(JAR).origin(OriginConfig.serving(JAR));
    IllegalArgumentException e = assertThrows(IllegalArgumentException.class, twoRoots::build);
    assertTrue(e.getMessage().contains("localRoot and origin"), e.getMessage());
    assertThrows(IllegalArgumentException.class, () -> ClusterConfig.builder().workers(0).build());
    assertThrows(IllegalStateException.class, () -> NetworkConfig.loopback().withOriginLink(1000));
  }

  @Test
  void shouldPassLimitsToTheOrigin() {
    OriginConfig origin =
        OriginConfig.serving(JAR).withTotalBytesPerSecond(1000).withFirstByteDelayMs(20);
    assertEquals(
        List.of("--total-bytes-per-second", "1000", "--first-byte-delay-ms", "20"),
        origin.limits());
  }
}
