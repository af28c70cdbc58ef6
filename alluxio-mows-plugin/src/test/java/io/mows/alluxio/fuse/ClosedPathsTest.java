// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.fuse;

import static org.junit.jupiter.api.Assertions.assertEquals;

import alluxio.exception.status.UnavailableException;
import io.mows.alluxio.conf.MowsConfs;
import io.mows.alluxio.fuse.kernel.KernelOptions;
import io.mows.alluxio.master.KnownPaths;
import io.mows.alluxio.master.RecentPaths;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class ClosedPathsTest {
  private final FakeFileSystem fileSystem = new FakeFileSystem();
  private final RecentPaths paths =
      new RecentPaths(
          fileSystem.client(), new KnownPaths(MowsConfs.paths("/"), System::nanoTime), 60_000);

  @BeforeEach
  void addFiles() {
    for (String directory : List.of("/", "/models", "/models/a")) {
      fileSystem.addDirectory(directory).setMode(0755);
    }
    fileSystem.add("/models/a/w", 10).setMode(0644);
  }

  @AfterEach
  void end() {
    paths.close();
  }

  private Optional<String> first(String... options) {
    Set<String> all = MountOptions.checkingModes(Set.of(options), true);
    return new ClosedPaths(KernelOptions.parse(all), paths, "/models").first();
  }

  @Test
  void shouldFindWhatOthersMayNotRead() {
    assertEquals(Optional.empty(), first("allow_other"));
    fileSystem.add("/models/a/w2", 10).setMode(0600);
    assertEquals(Optional.of("/models/a/w2 has mode 600"), first("allow_other"));
    // As Alluxio makes them up for objects.
    fileSystem.addDirectory("/models").setMode(0700);
    assertEquals(Optional.of("/models has mode 700"), first("allow_other"));
  }

  @Test
  void shouldSayNothingWhereNobodyLooksAtModesOrTheMountShowsOthers() {
    fileSystem.addDirectory("/models").setMode(0700);
    assertEquals(Optional.empty(), first());
    assertEquals(Optional.empty(), first("allow_other", "umask=022"));
    assertEquals(Optional.of("/models has mode 750"), first("allow_other", "umask=027"));
  }

  /** As of a bucket that nobody has listed before. */
  @Test
  void shouldAskAgainWhatTheMasterDoesNotTellSoon() {
    fileSystem.addDirectory("/models").setMode(0700);
    fileSystem.noAnswer = new UnavailableException("not soon");
    fileSystem.unanswered.set(2);
    assertEquals(Optional.of("/models has mode 700"), first("allow_other"));
  }

  @Test
  void shouldSayNothingWhileTheMasterIsAway() {
    fileSystem.answers = false;
    assertEquals(Optional.empty(), first("allow_other"));
  }
}
