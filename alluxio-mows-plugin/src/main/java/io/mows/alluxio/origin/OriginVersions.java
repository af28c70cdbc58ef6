// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.origin;

import alluxio.underfs.Fingerprint;
import alluxio.underfs.UfsFileStatus;
import io.mows.p2p.fetch.FileSpec;
import io.mows.p2p.fetch.OriginException;
import io.mows.p2p.fetch.OriginRef;
import io.mows.p2p.swarm.origin.OriginFault;
import io.mows.p2p.thread.NamedThreads;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Asks the origin whether files are still what Alluxio knows. Has a few threads of its own, {@code
 * mows-origin-version-*}, so that a question never waits for data. Thread-safe.
 */
final class OriginVersions implements AutoCloseable {
  /** As many as files are read at once as a matter of course: small ones are a question each. */
  static final int THREADS = 48;

  private static final long ASK_AGAIN_MS = 500;
  private static final long IDLE_SECONDS = 10;
  private static final long CLOSE_MS = 15_000;

  private final OriginFileSystems fileSystems;
  private final OriginStatus status;
  private final ScheduledThreadPoolExecutor threads =
      new ScheduledThreadPoolExecutor(THREADS + 1, NamedThreads.many("mows-origin-version"));

  OriginVersions(OriginFileSystems fileSystems, OriginStatus status) {
    this.fileSystems = fileSystems;
    this.status = status;
    threads.setRemoveOnCancelPolicy(true);
    threads.setKeepAliveTime(IDLE_SECONDS, TimeUnit.SECONDS);
    threads.allowCoreThreadTimeOut(true);
  }

  /** Runs a short task again and again on one of the threads. */
  void repeat(Runnable task, long pauseMs) {
    threads.scheduleWithFixedDelay(task, pauseMs, pauseMs, TimeUnit.MILLISECONDS);
  }

  /**
   * Asks twice if the answer takes long: the question costs little, and readers wait for it. The
   * time that it waits for a thread does not count: where many small files are loaded, all would be
   * asked twice.
   */
  CompletableFuture<Void> confirm(FileSpec file) {
    CompletableFuture<Void> result = new CompletableFuture<>();
    try {
      threads.execute(() -> askTwice(file, result));
    } catch (RejectedExecutionException e) {
      result.completeExceptionally(OriginErrors.shuttingDown(e));
    }
    return result;
  }

  private void askTwice(FileSpec file, CompletableFuture<Void> result) {
    Future<?> again;
    try {
      again = threads.schedule(() -> ask(file, result), ASK_AGAIN_MS, TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      result.completeExceptionally(OriginErrors.shuttingDown(e));
      return;
    }
    ask(file, result);
    again.cancel(false);
  }

  private void ask(FileSpec file, CompletableFuture<Void> result) {
    if (result.isDone()) {
      return;
    }
    try {
      check(file);
      result.complete(null);
    } catch (Exception | Error e) {
      result.completeExceptionally(e);
    }
  }

  /**
   * Asks now, on the caller's thread.
   *
   * @throws OriginException if it is another file by now, or none
   */
  void check(FileSpec file) throws IOException, InterruptedException {
    compare(file, status.surely(file.origin().mountId(), file.origin().path()));
  }

  private void compare(FileSpec file, UfsFileStatus now) throws IOException {
    OriginRef origin = file.origin();
    String ufsType = fileSystems.get(origin.mountId()).getUnderFSType();
    String hash = Fingerprint.create(ufsType, now).getTag(Fingerprint.Tag.CONTENT_HASH);
    String difference = null;
    if (now.getContentLength() != file.layout().lengthBytes()) {
      difference =
          "it has " + now.getContentLength() + " bytes instead of " + file.layout().lengthBytes();
    } else if (!origin.contentHash().isEmpty() && !hash.equals(Fingerprint.UNDERSCORE)) {
      difference =
          hash.equals(origin.contentHash())
              ? null
              : "its content tag is " + hash + " instead of " + origin.contentHash();
    } else if (now.getLastModifiedTime() != null
        && origin.lastModifiedMs() > 0
        && now.getLastModifiedTime() > origin.lastModifiedMs()) {
      difference =
          "it was modified at "
              + now.getLastModifiedTime()
              + " ms, after "
              + origin.lastModifiedMs();
    }
    if (difference != null) {
      throw new OriginException(
          OriginFault.CHANGED,
          origin.path() + " was replaced at the origin: " + difference,
          "Run 'alluxio fs loadMetadata -F "
              + file.path()
              + "' or wait for the next metadata sync, then read it again.",
          null);
    }
  }

  /** Begins to end: interrupts the questions that are under way. */
  void shutdown() {
    threads.shutdownNow();
  }

  /** Waits until they have ended, for some seconds at most. */
  @Override
  public void close() {
    shutdown();
    try {
      threads.awaitTermination(CLOSE_MS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
