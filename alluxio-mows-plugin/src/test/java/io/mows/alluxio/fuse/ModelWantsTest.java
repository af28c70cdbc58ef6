// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.fuse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mows.alluxio.block.TestCatalog;
import io.mows.alluxio.conf.MowsConfs;
import io.mows.alluxio.conf.PathPrefixes;
import io.mows.alluxio.master.KnownPaths;
import io.mows.alluxio.master.RecentPaths;
import io.mows.p2p.fetch.FileSpec;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class ModelWantsTest {
  private static final PathPrefixes PATHS = MowsConfs.paths("/models");

  private final FakeFileSystem fileSystem = new FakeFileSystem();
  private final RecentPaths paths =
      new RecentPaths(fileSystem.client(), new KnownPaths(PATHS, () -> 0), 60_000);
  private final List<String> taken = new ArrayList<>();
  private final ModelWants wants =
      new ModelWants(
          "/models/a",
          paths,
          TestCatalog.withoutMaster(PATHS, 64 << 10),
          new WantedFiles.Wants() {
            @Override
            public void add(List<FileSpec> files) {
              files.forEach(file -> taken.add(file.path()));
            }

            @Override
            public void close() {
              taken.add("closed");
            }
          });

  @BeforeEach
  void addFiles() {
    fileSystem.addDirectory("/models/a");
    fileSystem.addDirectory("/models/a/unet");
    fileSystem.add("/models/a/w1", 100);
    fileSystem.add("/models/a/w2", 100);
    fileSystem.add("/models/a/unet/w", 100);
    fileSystem.add("/models/a/crc32.txt", 100);
    fileSystem.add("/models/a/empty", 0);
  }

  @AfterEach
  void end() {
    paths.close();
  }

  @Test
  void shouldTakeFilesInTheirOrder() throws Exception {
    assertTrue(wants.add(List.of("w2", "unet/w", "w1")));
    assertEquals(List.of("/models/a/w2", "/models/a/unet/w", "/models/a/w1"), taken);
    assertEquals(List.of("/models/a", "/models/a/unet"), fileSystem.listed, "each once");
    wants.close();
    assertEquals("closed", taken.get(3));
  }

  @Test
  void shouldTakeWhatIsThereOfAListThatNamesMore() throws Exception {
    assertFalse(wants.add(List.of("w3", "w1", "nowhere/w")));
    assertFalse(wants.add(List.of("unet")), "a directory is nothing to read");
    assertEquals(List.of("/models/a/w1"), taken);
  }

  @Test
  void shouldPassOverWhatNeedNotBeFetched() throws Exception {
    assertTrue(wants.add(List.of("crc32.txt", "empty", "w1")));
    assertEquals(List.of("/models/a/w1"), taken);
  }

  @Test
  void shouldTakeNothingIfNobodyCanTell() {
    fileSystem.answers = false;
    assertThrows(IOException.class, () -> wants.add(List.of("w1")));
    assertEquals(List.of(), taken);
  }
}
