// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.block;

import alluxio.AlluxioURI;
import io.mows.p2p.fetch.FileSpec;
import io.mows.p2p.thread.NamedThreads;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks a NAS, as this worker sees it, whether two names are one file now. Has threads of its own,
 * {@code mows-same-*}: a NAS that does not answer is waited for one second, and then left alone for
 * a while. Thread-safe.
 */
final class SameFiles implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SameFiles.class);
  private static final String THREADS = "mows-same";
  private static final int MAX_THREADS = 2;
  private static final long WAIT_MS = 1_000;
  static final long PAUSE_NS = TimeUnit.SECONDS.toNanos(10);

  private final Question question;
  private final long waitMs;
  private final LongSupplier nanoClock;
  private final ThreadPoolExecutor threads =
      new ThreadPoolExecutor(
          0,
          MAX_THREADS,
          10,
          TimeUnit.SECONDS,
          new SynchronousQueue<>(),
          NamedThreads.many(THREADS));
  private volatile long askAgainNs;

  /** Whether both are one file in the version that is known of them. May wait for the NAS. */
  interface Question {
    boolean areSame(FileSpec one, FileSpec other) throws IOException;
  }

  SameFiles(LongSupplier nanoClock) {
    this(SameFiles::compare, WAIT_MS, nanoClock);
  }

  SameFiles(Question question, long waitMs, LongSupplier nanoClock) {
    this.question = question;
    this.waitMs = waitMs;
    this.nanoClock = nanoClock;
    this.askAgainNs = nanoClock.getAsLong();
  }

  /** As {@link Question}; false if that is not sure. */
  boolean areSame(FileSpec one, FileSpec other) {
    if (nanoClock.getAsLong() - askAgainNs < 0) {
      return false;
    }
    try {
      Future<Boolean> answer = threads.submit(() -> question.areSame(one, other));
      return answer.get(waitMs, TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      askAgainNs = nanoClock.getAsLong() + PAUSE_NS;
      LOG.debug("The origin does not say what {} is", one);
    } catch (ExecutionException | RejectedExecutionException e) {
      LOG.debug("{} and {} are taken for two files", one, other, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return false;
  }

  private static boolean compare(FileSpec one, FileSpec other) throws IOException {
    BasicFileAttributes first = attributes(one);
    BasicFileAttributes second = attributes(other);
    return first.fileKey() != null
        && first.fileKey().equals(second.fileKey())
        && isAsKnown(first, one)
        && isAsKnown(second, other);
  }

  /** Links are followed, as Alluxio does. The key of a file is its device and inode. */
  private static BasicFileAttributes attributes(FileSpec file) throws IOException {
    Path path = Path.of(new AlluxioURI(file.origin().path()).getPath());
    return Files.readAttributes(path, BasicFileAttributes.class);
  }

  private static boolean isAsKnown(BasicFileAttributes now, FileSpec file) {
    return now.isRegularFile()
        && now.size() == file.layout().lengthBytes()
        && now.lastModifiedTime().toMillis() == file.origin().lastModifiedMs();
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
