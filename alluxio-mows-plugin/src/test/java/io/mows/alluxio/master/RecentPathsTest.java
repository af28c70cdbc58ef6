// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.master;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import alluxio.AlluxioURI;
import alluxio.client.file.DelegatingFileSystem;
import alluxio.client.file.FileSystem;
import alluxio.client.file.URIStatus;
import alluxio.exception.AlluxioException;
import alluxio.exception.FileDoesNotExistException;
import alluxio.exception.status.UnavailableException;
import alluxio.grpc.GetStatusPOptions;
import alluxio.grpc.ListStatusPOptions;
import io.mows.alluxio.conf.MowsConfs;
import io.mows.alluxio.fuse.FakeFileSystem;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class RecentPathsTest {
  private static final AlluxioURI FILE = new AlluxioURI("/models/llama/w");
  private static final AlluxioURI DIRECTORY = new AlluxioURI("/models/llama");
  private static final long PATIENT_MS = 60_000;

  private final AtomicLong nowNs = new AtomicLong();
  private final KnownPaths known = new KnownPaths(MowsConfs.paths("/models"), nowNs::get);
  private final FakeFileSystem master = new FakeFileSystem();
  private final MasterCalls calls =
      new MasterCalls(new MasterCalls.Patience(60_000, 60_000, 60_000));
  private final AtomicInteger asked = new AtomicInteger();
  private final CountDownLatch answers = new CountDownLatch(1);
  private volatile boolean hangs;
  private final FileSystem client =
      new SteadyFileSystem(
          new HangingFileSystem(master.client()), calls, known, uri -> -1, status -> true);

  private RecentPaths paths = new RecentPaths(client, known, PATIENT_MS);

  /** A master that answers late, if at all. */
  private final class HangingFileSystem extends DelegatingFileSystem {
    HangingFileSystem(FileSystem fileSystem) {
      super(fileSystem);
    }

    @Override
    public URIStatus getStatus(AlluxioURI path, GetStatusPOptions options)
        throws IOException, AlluxioException {
      hang();
      return super.getStatus(path, options);
    }

    @Override
    public List<URIStatus> listStatus(AlluxioURI path, ListStatusPOptions options)
        throws IOException, AlluxioException {
      hang();
      return super.listStatus(path, options);
    }

    private void hang() throws IOException {
      asked.incrementAndGet();
      try {
        if (hangs) {
          answers.await();
        }
      } catch (InterruptedException e) {
        throw new IOException(e);
      }
    }
  }

  @BeforeEach
  void addFiles() {
    master.add(FILE.getPath(), 100);
    master.addDirectory("/models");
    master.addDirectory(DIRECTORY.getPath());
  }

  @AfterEach
  void end() {
    answers.countDown();
    paths.close();
    calls.close();
  }

  @Test
  void shouldNotAskForWhatWasSaidAMomentAgo() throws Exception {
    paths.status(FILE);
    nowNs.addAndGet(TimeUnit.SECONDS.toNanos(4));
    for (int i = 0; i < 1_000; i++) {
      assertEquals(100, paths.status(FILE).getLength());
    }
    assertEquals(1, asked.get());
    nowNs.addAndGet(TimeUnit.SECONDS.toNanos(4));
    paths.status(FILE);
    assertEquals(2, asked.get());
  }

  @Test
  void shouldSayWhatWasEverSaidIfTheMasterDoesNotAnswerSoon() throws Exception {
    paths.status(FILE);
    paths.list(DIRECTORY);
    nowNs.addAndGet(TimeUnit.HOURS.toNanos(4));
    hang();
    assertEquals(100, paths.status(FILE).getLength());
    assertEquals(1, paths.list(DIRECTORY).size());
  }

  private void hang() {
    paths.close();
    paths = new RecentPaths(client, known, 1);
    hangs = true;
  }

  @Test
  void shouldSayThatNobodyCanTell() {
    hang();
    for (int i = 0; i < 10; i++) {
      assertThrows(UnavailableException.class, () -> paths.status(FILE));
      assertThrows(UnavailableException.class, () -> paths.list(DIRECTORY));
    }
  }

  @Test
  void shouldSayWhatIsNotThere() {
    AlluxioURI nothing = new AlluxioURI("/models/nothing");
    assertThrows(FileDoesNotExistException.class, () -> paths.status(nothing));
  }
}
