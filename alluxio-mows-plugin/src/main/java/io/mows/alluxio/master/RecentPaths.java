// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.master;

import alluxio.AlluxioURI;
import alluxio.client.file.FileSystem;
import alluxio.client.file.URIStatus;
import alluxio.exception.AlluxioException;
import alluxio.exception.status.UnavailableException;
import com.google.common.base.Throwables;
import io.mows.alluxio.master.MasterCalls.Question;
import io.mows.p2p.thread.NamedThreads;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * What is at a path, for those who must not wait: what the master has said a moment ago, else what
 * it says soon, else what it has ever said. Thread-safe; asks on the few {@code mows-paths}
 * threads.
 */
public final class RecentPaths implements AutoCloseable {
  private static final String THREADS = "mows-paths";
  private static final int MAX_THREADS = 4;
  private static final long RECENT_MS = 5_000;

  private final FileSystem fileSystem;
  private final KnownPaths known;
  private final long waitMs;

  /** A few may wait: a thread that has just answered takes a moment until it can be asked again. */
  private final ThreadPoolExecutor threads =
      new ThreadPoolExecutor(
          MAX_THREADS,
          MAX_THREADS,
          30,
          TimeUnit.SECONDS,
          new ArrayBlockingQueue<>(MAX_THREADS),
          NamedThreads.many(THREADS));

  /**
   * @param fileSystem whose answers {@code known} gets to know; may wait for the master
   * @param waitMs how long to wait for each answer
   */
  public RecentPaths(FileSystem fileSystem, KnownPaths known, long waitMs) {
    this.waitMs = waitMs;
    this.fileSystem = fileSystem;
    this.known = known;
    threads.allowCoreThreadTimeOut(true);
  }

  /**
   * @throws UnavailableException if nobody can tell in time
   */
  public URIStatus status(AlluxioURI path) throws IOException, AlluxioException {
    Optional<URIStatus> recent = known.status(path.getPath(), RECENT_MS);
    return recent.isPresent()
        ? recent.get()
        : ask(
            path,
            () -> fileSystem.getStatus(path),
            known.status(path.getPath(), KnownPaths.ANY_AGE));
  }

  /**
   * What is in a directory.
   *
   * @throws UnavailableException if nobody can tell in time
   */
  public List<URIStatus> list(AlluxioURI directory) throws IOException, AlluxioException {
    return ask(
        directory, () -> fileSystem.listStatus(directory), known.listing(directory.getPath()));
  }

  private <T> T ask(AlluxioURI path, Question<T> question, Optional<T> before)
      throws IOException, AlluxioException {
    try {
      Future<T> answer = threads.submit(question::ask);
      return answer.get(waitMs, TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof UnavailableException && before.isPresent()) {
        return before.get();
      }
      Throwables.throwIfInstanceOf(e.getCause(), IOException.class);
      Throwables.throwIfInstanceOf(e.getCause(), AlluxioException.class);
      throw new IOException(e.getCause());
    } catch (TimeoutException | RejectedExecutionException e) {
      return before.orElseThrow(
          () -> new UnavailableException("The Alluxio master does not tell what " + path + " is"));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UnavailableException("Interrupted while asking what " + path + " is");
    }
  }

  @Override
  public void close() {
    NamedThreads.stop(threads, THREADS);
  }
}
