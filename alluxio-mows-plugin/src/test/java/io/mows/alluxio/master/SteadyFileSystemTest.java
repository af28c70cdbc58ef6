// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.master;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import alluxio.AlluxioURI;
import alluxio.client.file.URIStatus;
import alluxio.exception.FileDoesNotExistException;
import alluxio.exception.status.UnavailableException;
import alluxio.wire.FileInfo;
import io.mows.alluxio.conf.MowsConfs;
import io.mows.alluxio.fuse.FakeFileSystem;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class SteadyFileSystemTest {
  private static final AlluxioURI FILE = new AlluxioURI("/models/llama/w");
  private static final AlluxioURI DIRECTORY = new AlluxioURI("/models/llama");

  private volatile boolean isAtOrigin;
  private final AtomicLong nowNs = new AtomicLong();
  private final AtomicLong syncIntervalMs = new AtomicLong(-1);
  private final FakeFileSystem master = new FakeFileSystem();
  private final MasterCalls calls = new MasterCalls(new MasterCalls.Patience(60_000, 50, 60_000));
  private final KnownPaths known = new KnownPaths(MowsConfs.paths("/models"), nowNs::get);
  private final SteadyFileSystem steady =
      new SteadyFileSystem(
          master.client(), calls, known, uri -> syncIntervalMs.get(), status -> isAtOrigin);

  @BeforeEach
  void addFiles() {
    master.add(FILE.getPath(), 100);
    master.add("/models/llama/x", 100);
    master.add("/other/y", 100);
    master.addDirectory("/");
    master.addDirectory("/models");
    master.addDirectory("/models/llama");
  }

  @AfterEach
  void end() {
    calls.close();
  }

  @Test
  void shouldSayWhatIsKnownWhileTheMasterIsAway() throws Exception {
    URIStatus before = steady.getStatus(FILE);
    steady.getStatus(DIRECTORY);
    master.answers = false;
    assertEquals(before.getFileId(), steady.getStatus(FILE).getFileId());
    assertTrue(steady.getStatus(DIRECTORY).isFolder());
  }

  @Test
  void shouldNotSayOfWhatIsNotKnownThatItDoesNotExist() {
    for (String message : List.of("away", "Service X_SERVICE is not found.")) {
      master.failWith(new FileDoesNotExistException(message));
      master.answers = !message.equals("away");
      assertThrows(UnavailableException.class, () -> steady.getStatus(FILE));
      assertThrows(UnavailableException.class, () -> steady.listStatus(DIRECTORY));
      assertThrows(UnavailableException.class, () -> steady.iterateStatus(DIRECTORY, child -> {}));
    }
  }

  @Test
  void shouldListWhatWasListedWhileTheMasterIsAway() throws Exception {
    steady.listStatus(DIRECTORY);
    master.answers = false;
    List<String> names = new ArrayList<>();
    steady.iterateStatus(DIRECTORY, child -> names.add(child.getName()));
    assertEquals(List.of("w", "x"), names.stream().sorted().collect(Collectors.toList()));
    assertEquals("w", steady.getStatus(FILE).getName(), "seen in the list");
  }

  @Test
  void shouldAskAMasterThatIsHereEveryTime() throws Exception {
    steady.getStatus(FILE);
    master.failWith(new FileDoesNotExistException("Path \"/models/llama/w\" does not exist."));
    assertThrows(FileDoesNotExistException.class, () -> steady.getStatus(FILE));
    master.answers = false;
    assertThrows(UnavailableException.class, () -> steady.getStatus(FILE), "it was deleted");
  }

  @Test
  void shouldAskTheOriginWhenAnAnswerIsOlderThanTheSyncInterval() throws Exception {
    syncIntervalMs.set(1_000);
    steady.getStatus(DIRECTORY);
    steady.getStatus(FILE);
    master.answers = false;
    nowNs.set(TimeUnit.MILLISECONDS.toNanos(999));
    steady.getStatus(FILE);
    nowNs.set(TimeUnit.MILLISECONDS.toNanos(1_000));
    assertThrows(UnavailableException.class, () -> steady.getStatus(FILE));
    isAtOrigin = true;
    steady.getStatus(FILE);
    isAtOrigin = false;
    nowNs.set(TimeUnit.MILLISECONDS.toNanos(1_999));
    steady.getStatus(FILE);
    syncIntervalMs.set(0);
    assertThrows(UnavailableException.class, () -> steady.getStatus(FILE));
    assertTrue(steady.getStatus(DIRECTORY).isFolder());
  }

  @Test
  void shouldNotRememberFilesThatOthersMayChange() throws Exception {
    steady.getStatus(new AlluxioURI("/other/y"));
    FileInfo growing = master.add("/models/llama/growing", 5).setCompleted(false);
    steady.getStatus(new AlluxioURI(growing.getPath()));
    master.answers = false;
    assertThrows(UnavailableException.class, () -> steady.getStatus(new AlluxioURI("/other/y")));
    assertThrows(
        UnavailableException.class, () -> steady.getStatus(new AlluxioURI(growing.getPath())));
  }

  @Test
  void shouldFindTheWayToAFileThatWasLoaded() throws Exception {
    known.ask(() -> master.add("/models/llama/loaded", 10));
    try (KnownDirectories directories = new KnownDirectories(steady, known)) {
      directories.askAboutMissing();
    }
    master.answers = false;
    for (String path : List.of("/", "/models", "/models/llama", "/models/llama/loaded")) {
      assertEquals(path, steady.getStatus(new AlluxioURI(path)).getPath());
    }
    assertEquals(3, steady.listStatus(DIRECTORY).size());
  }
}
