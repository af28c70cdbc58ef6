// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.cli.report;

import static io.mows.alluxio.locator.FakeLocator.holds;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.mows.alluxio.conf.MowsConfs;
import io.mows.alluxio.locator.FakeLocator;
import io.mows.p2p.locator.FileInfo;
import io.mows.p2p.locator.PeerLoad;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

final class ModelCoverageTest {
  private static List<ModelCoverage> models(FakeLocator directory, String path) {
    return ModelCoverage.of(directory.status().files(), MowsConfs.paths(path));
  }

  private static String describe(ModelCoverage model) {
    return model.groups().stream()
        .map(
            group ->
                group.name()
                    + ": "
                    + group.completePeers()
                    + " complete, "
                    + group.fetchingPeers()
                    + " fetching, "
                    + group.bestPermille())
        .collect(Collectors.joining("; "));
  }

  @Test
  void shouldAddUpTheFilesOfADirectory() {
    List<ModelCoverage> models = models(TestModels.directory(), "/");
    assertEquals(2, models.size());
    ModelCoverage llama = models.get(0);
    assertEquals("/models/llama", llama.path());
    assertEquals(2, llama.fileCount());
    assertEquals(4 * TestModels.GIB, llama.lengthBytes());
    // Of the warm-up group one peer has a quarter of three of the four gigabytes.
    assertEquals(
        "chat: 1 complete, 1 fetching, 1000; warm: 0 complete, 1 fetching, 187", describe(llama));
    assertEquals("warm: 1 complete, 0 fetching, 1000", describe(models.get(1)));
  }

  @Test
  void shouldTakeWholeNamesOfDirectories() {
    List<ModelCoverage> models = models(TestModels.directory(), "/models/llama");
    assertEquals(List.of("/models/llama"), paths(models));
    assertEquals(List.of(), paths(models(TestModels.directory(), "/models/lla")));
  }

  @Test
  void shouldTakeOneFile() {
    List<ModelCoverage> models = models(TestModels.directory(), "/models/llama/2.safetensors");
    assertEquals(1, models.get(0).fileCount());
    assertEquals("chat: 2 complete, 0 fetching, 1000", describe(models.get(0)));
  }

  @Test
  void shouldNotCallAlmostAllComplete() {
    FakeLocator directory =
        new FakeLocator("d")
            .announce(
                TestModels.W1,
                PeerLoad.NONE,
                holds(new FileInfo(1, "/m/large", 1L << 40), 1000, false),
                holds(new FileInfo(2, "/m/small", 1), 999, false));
    assertEquals("chat: 0 complete, 0 fetching, 999", describe(models(directory, "/").get(0)));
  }

  @Test
  void shouldCountTheNewerOfTwoVersions() {
    FakeLocator directory =
        new FakeLocator("d")
            .announce(TestModels.W1, PeerLoad.NONE, holds(new FileInfo(7, "/m/a", 10), 1000, false))
            .announce(TestModels.W2, PeerLoad.NONE, holds(new FileInfo(9, "/m/a", 20), 100, true));
    ModelCoverage model = models(directory, "/").get(0);
    assertEquals(1, model.fileCount());
    assertEquals(20, model.lengthBytes());
    assertEquals("chat: 0 complete, 1 fetching, 100", describe(model));
  }

  @Test
  void shouldTakeEmptyFilesAndFilesOfTheRoot() {
    FakeLocator directory =
        new FakeLocator("d")
            .announce(
                TestModels.W1, PeerLoad.NONE, holds(new FileInfo(1, "/empty", 0), 1000, false));
    assertEquals("/", models(directory, "/").get(0).path());
    assertEquals("chat: 1 complete, 0 fetching, 1000", describe(models(directory, "/").get(0)));
  }

  private static List<String> paths(List<ModelCoverage> models) {
    return models.stream().map(ModelCoverage::path).collect(Collectors.toList());
  }
}
