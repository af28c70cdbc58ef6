// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.master;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import alluxio.AlluxioURI;
import alluxio.client.file.URIStatus;
import alluxio.exception.FileDoesNotExistException;
import alluxio.wire.FileInfo;
import io.mows.alluxio.conf.MowsConfs;
import io.mows.alluxio.fuse.FakeFileSystem;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class FreshPathsTest {
  private static final AlluxioURI DIRECTORY = new AlluxioURI("/models/small");
  private static final int FRESH_MS = 1_000;
  private static final int MANY = 2_000;

  private final AtomicLong nowNs = new AtomicLong();
  private final AtomicLong freshMs = new AtomicLong(FRESH_MS);
  private final FakeFileSystem master = new FakeFileSystem();
  private final MasterCalls calls = new MasterCalls(new MasterCalls.Patience(60_000, 50, 60_000));
  private final KnownPaths known = new KnownPaths(MowsConfs.paths("/models"), nowNs::get);
  private final SteadyFileSystem steady =
      new SteadyFileSystem(master.client(), calls, known, path -> -1, status -> false);
  private final FreshPaths paths = new FreshPaths(steady, known, path -> freshMs.get());

  @BeforeEach
  void addDirectories() {
    master.addDirectory("/models");
    master.addDirectory(DIRECTORY.getPath());
  }

  @AfterEach
  void end() {
    calls.close();
  }

  private static AlluxioURI file(int number) {
    return DIRECTORY.join("file" + number);
  }

  private void addFiles(int count) {
    for (int i = 0; i < count; i++) {
      master.add(file(i).getPath(), 100);
    }
  }

  private void pass(long ms) {
    nowNs.addAndGet(TimeUnit.MILLISECONDS.toNanos(ms));
  }

  @Test
  void shouldAskOnceForWhatIsFresh() throws Exception {
    addFiles(1);
    for (long ageMs : new long[] {0, 400, 800}) {
      assertEquals(ageMs, paths.status(file(0)).ageMs());
      pass(400);
    }
    assertEquals(List.of(file(0).getPath()), master.asked);
    paths.status(DIRECTORY);
    paths.status(DIRECTORY);
    assertEquals(2, master.asked.size(), "a directory, too");
  }

  @Test
  void shouldSeeAnotherVersionWhenTheAnswerIsNotFreshAnyMore() throws Exception {
    addFiles(1);
    long first = paths.status(file(0)).status().getFileId();
    addFiles(2);
    pass(FRESH_MS - 1);
    assertEquals(first, paths.status(file(0)).status().getFileId());
    pass(1);
    assertNotEquals(first, paths.status(file(0)).status().getFileId());
    master.remove(file(0).getPath());
    pass(FRESH_MS);
    assertThrows(FileDoesNotExistException.class, () -> paths.status(file(0)));
    assertThrows(FileDoesNotExistException.class, () -> paths.status(file(0)));
  }

  @Test
  void shouldAskEachTimeIfNothingMayBeOld() throws Exception {
    addFiles(MANY);
    steady.listStatus(DIRECTORY);
    freshMs.set(0);
    for (int i = 0; i < 100; i++) {
      paths.status(file(i));
    }
    assertEquals(100, master.asked.size());
    assertEquals(1, master.listed.size());
  }

  @Test
  void shouldNotBelieveThatNothingIsThere() throws Exception {
    assertThrows(FileDoesNotExistException.class, () -> paths.status(file(0)));
    addFiles(1);
    assertEquals(file(0).getPath(), paths.status(file(0)).status().getPath());
  }

  @Test
  void shouldAskAboutAllOfADirectoryWhoseFilesAreReadOneAfterTheOther() throws Exception {
    addFiles(MANY);
    steady.listStatus(DIRECTORY);
    for (int round = 1; round <= 3; round++) {
      pass(10_000);
      master.asked.clear();
      for (int i = 0; i < MANY; i++) {
        assertEquals(file(i).getPath(), paths.status(file(i)).status().getPath());
      }
      assertEquals(19, master.asked.size(), "as long as it is cheaper than a list");
      assertEquals(1 + round, master.listed.size());
    }
  }

  @Test
  void shouldNotListForTheFewFilesOfALargeDirectory() throws Exception {
    addFiles(MANY);
    steady.listStatus(DIRECTORY);
    for (int round = 0; round < 10; round++) {
      pass(2_000);
      for (int i = 0; i < 10; i++) {
        paths.status(file(i));
      }
    }
    assertEquals(1, master.listed.size());
  }

  @Test
  void shouldNotListWhatNobodyKnowsTheSizeOf() throws Exception {
    addFiles(100);
    for (int i = 0; i < 100; i++) {
      paths.status(file(i));
    }
    assertEquals(List.of(), master.listed);
  }

  @Test
  void shouldSeeWhatWasDeletedFromADirectoryThatIsListed() throws Exception {
    addFiles(100);
    steady.listStatus(DIRECTORY);
    pass(2_000);
    master.remove(file(50).getPath());
    for (int i = 0; i < 50; i++) {
      paths.status(file(i));
    }
    assertEquals(2, master.listed.size());
    assertThrows(FileDoesNotExistException.class, () -> paths.status(file(50)));
  }

  @Test
  void shouldTakeTheLaterOfTwoAnswersForFresh() throws Exception {
    FileInfo before = master.add(file(0).getPath(), 100);
    long askedNs = known.nowNs();
    pass(10);
    addFiles(2);
    long now = paths.status(file(0)).status().getFileId();
    assertNotEquals(before.getFileId(), now);
    known.said(new URIStatus(before), askedNs);
    assertEquals(now, paths.status(file(0)).status().getFileId(), "it was long on its way");
  }

  @Test
  void shouldSayWhatIsKnownWhileTheMasterIsAway() throws Exception {
    addFiles(10);
    steady.listStatus(DIRECTORY);
    master.answers = false;
    for (int round = 0; round < 3; round++) {
      pass(2_000);
      for (int i = 0; i < 10; i++) {
        assertTrue(paths.status(file(i)).status().isCompleted());
      }
    }
  }

  @Test
  void shouldCountTheAgeOfAnAnswerFromTheQuestion() throws Exception {
    FileInfo old = master.add(file(0).getPath(), 100);
    known.ask(
        () -> {
          pass(400);
          return old;
        });
    assertEquals(400, paths.status(file(0)).ageMs());
    pass(FRESH_MS - 400);
    assertEquals(0, paths.status(file(0)).ageMs(), "asked anew");
  }
}
