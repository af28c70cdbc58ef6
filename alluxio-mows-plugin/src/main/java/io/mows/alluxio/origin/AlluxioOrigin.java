// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.origin;

import alluxio.conf.AlluxioConfiguration;
import alluxio.grpc.UfsInfo;
import alluxio.underfs.Fingerprint;
import alluxio.underfs.UfsFileStatus;
import alluxio.underfs.UnderFileSystem;
import io.mows.channel.Remedy;
import io.mows.channel.TransferException;
import io.mows.p2p.fetch.FileSpec;
import io.mows.p2p.fetch.OriginException;
import io.mows.p2p.fetch.OriginRef;
import io.mows.p2p.fetch.PieceSink;
import io.mows.p2p.fetch.PieceSource;
import io.mows.p2p.swarm.origin.OriginFault;
import io.mows.p2p.thread.NamedThreads;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The origin: any under file system that Alluxio can read. Ranged reads of pieces, see {@link
 * OriginReader}; questions about versions have a few threads of their own, so they never wait for
 * data.
 */
public final class AlluxioOrigin implements PieceSource {
  /** As many as files are read at once as a matter of course: small ones are a question each. */
  static final int VERSION_THREADS = 48;

  private static final long ASK_AGAIN_MS = 500;
  private static final long IDLE_SECONDS = 10;
  private static final long SWEEP_MS = 100;
  private static final long CLOSE_MS = 15_000;

  private final OriginFileSystems fileSystems;
  private final OriginStatus status;
  private final OriginReader reads;
  private final ScheduledThreadPoolExecutor versionThreads;

  /** Asks the master what is behind a mount point. */
  public interface Mounts {
    UfsInfo get(long mountId) throws IOException;
  }

  /**
   * @param streams how many reads run at once at most
   */
  public AlluxioOrigin(Mounts mounts, AlluxioConfiguration conf, int pieceBytes, int streams) {
    this.fileSystems = new OriginFileSystems(mounts::get, conf, pieceBytes, streams);
    this.status = new OriginStatus(fileSystems);
    this.reads =
        new OriginReader(fileSystems, this::readFailure, pieceBytes, streams, System::nanoTime);
    this.versionThreads =
        new ScheduledThreadPoolExecutor(
            VERSION_THREADS + 1, NamedThreads.many("mows-origin-version"));
    versionThreads.setRemoveOnCancelPolicy(true);
    versionThreads.setKeepAliveTime(IDLE_SECONDS, TimeUnit.SECONDS);
    versionThreads.allowCoreThreadTimeOut(true);
    versionThreads.scheduleWithFixedDelay(reads::sweep, SWEEP_MS, SWEEP_MS, TimeUnit.MILLISECONDS);
  }

  @Override
  public CompletableFuture<Void> fetch(FileSpec file, long offset, int length, PieceSink sink) {
    return reads.read(file, offset, length, sink);
  }

  @Override
  public int width() {
    return reads.width();
  }

  private TransferException readFailure(OriginRead read, Exception failure) {
    FileSpec file = read.file();
    Throwable said = DirectOssReads.lastFailure().orElse(failure);
    Optional<OriginFault> fault = OriginErrors.faultOf(said);
    if (fault.filter(OriginFault::mayPass).isEmpty()) {
      // It may be another file by now, or none.
      try {
        compare(file, status.surely(file.origin().mountId(), file.origin().path()));
      } catch (OriginException e) {
        return e;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return shuttingDown(e);
      } catch (IOException | RuntimeException e) {
        failure.addSuppressed(e);
      }
    }
    return new OriginException(
        fault.filter(OriginFault::mayPass).orElse(OriginFault.AWAY),
        "asked for "
            + read.lengthBytes()
            + " bytes at "
            + read.offset()
            + " of "
            + file.origin().path()
            + ", it says: "
            + OriginErrors.words(said),
        failure);
  }

  /**
   * Asks twice if the answer takes long: the question costs little, and readers wait for it. The
   * time that it waits for a thread does not count: where many small files are loaded, all would be
   * asked twice.
   */
  @Override
  public CompletableFuture<Void> confirmVersion(FileSpec file) {
    CompletableFuture<Void> result = new CompletableFuture<>();
    try {
      versionThreads.execute(() -> askTwice(file, result));
    } catch (RejectedExecutionException e) {
      result.completeExceptionally(shuttingDown(e));
    }
    return result;
  }

  private void askTwice(FileSpec file, CompletableFuture<Void> result) {
    Future<?> again;
    try {
      again = versionThreads.schedule(() -> ask(file, result), ASK_AGAIN_MS, TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      result.completeExceptionally(shuttingDown(e));
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
      compare(file, status.surely(file.origin().mountId(), file.origin().path()));
      result.complete(null);
    } catch (Exception | Error e) {
      result.completeExceptionally(e);
    }
  }

  static TransferException shuttingDown(Exception cause) {
    return new TransferException(Remedy.RETRY_ELSEWHERE, "the worker is shutting down", cause);
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

  /** How many reads were given to a new connection because the old one brought too little. */
  public long stuckReads() {
    return reads.stuckCount();
  }

  /** The connection with what is behind a mount point. */
  public UnderFileSystem fileSystem(long mountId) throws IOException {
    return fileSystems.get(mountId);
  }

  /** Reads small files of the origin whole, over the same connections; closed with this. */
  public OriginFiles files() {
    return new OriginFiles(fileSystems, status);
  }

  @Override
  public void close() {
    versionThreads.shutdownNow();
    reads.close();
    try {
      versionThreads.awaitTermination(CLOSE_MS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    fileSystems.close();
  }
}
