// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.master;

import alluxio.AlluxioURI;
import alluxio.client.file.FileSystem;
import alluxio.exception.AlluxioException;
import io.mows.p2p.thread.NamedThreads;
import java.io.IOException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks about the directories of files that came by another way than through the mount, such as a
 * load: who reads them while the master is away has to get there. Has a thread of its own, {@code
 * mows-known-paths}.
 */
public final class KnownDirectories implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(KnownDirectories.class);
  private static final String THREAD = "mows-known-paths";
  private static final long EVERY_MS = 5_000;

  private final FileSystem fileSystem;
  private final KnownPaths known;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(NamedThreads.one(THREAD));

  /**
   * @param fileSystem whose answers {@code known} gets to know
   */
  public KnownDirectories(FileSystem fileSystem, KnownPaths known) {
    this.fileSystem = fileSystem;
    this.known = known;
  }

  public void start() {
    thread.scheduleWithFixedDelay(this::askAboutMissing, EVERY_MS, EVERY_MS, TimeUnit.MILLISECONDS);
  }

  void askAboutMissing() {
    try {
      for (String file : known.files()) {
        AlluxioURI directory = new AlluxioURI(file).getParent();
        if (isMissing(directory)) {
          askAbout(directory, file);
        }
      }
    } catch (IOException | RuntimeException e) {
      LOG.debug("The master does not answer; it is asked again", e);
    }
  }

  private void askAbout(AlluxioURI directory, String file) throws IOException {
    try {
      fileSystem.listStatus(directory);
      for (AlluxioURI next = directory; next != null; next = next.getParent()) {
        if (known.status(next.getPath(), KnownPaths.ANY_AGE).isEmpty()) {
          fileSystem.getStatus(next);
        }
      }
    } catch (AlluxioException e) {
      LOG.debug("{} is not there any more", file, e);
      known.isGone(file);
    }
  }

  private boolean isMissing(AlluxioURI directory) {
    return known.listing(directory.getPath()).isEmpty()
        || known.status(directory.getPath(), KnownPaths.ANY_AGE).isEmpty();
  }

  @Override
  public void close() {
    NamedThreads.stop(thread, THREAD);
  }
}
