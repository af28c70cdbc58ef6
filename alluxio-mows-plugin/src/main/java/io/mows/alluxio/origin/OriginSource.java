// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.origin;

import alluxio.conf.AlluxioConfiguration;
import alluxio.grpc.UfsInfo;
import alluxio.underfs.Fingerprint;
import alluxio.underfs.UfsFileStatus;
import alluxio.underfs.UnderFileSystem;
import io.mows.alluxio.origin.OriginStreams.OriginStream;
import io.mows.channel.Remedy;
import io.mows.channel.TransferException;
import io.mows.p2p.fetch.FileSpec;
import io.mows.p2p.fetch.OriginRef;
import io.mows.p2p.fetch.PieceSink;
import io.mows.p2p.fetch.PieceSource;
import io.mows.p2p.thread.NamedThreads;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The origin: any under file system that Alluxio can read. One ranged read for each piece, on as
 * many {@code mows-origin} threads as reads may run at once; questions about versions have two
 * threads of their own, so they never wait for data.
 */
public final class OriginSource implements PieceSource {
  private static final Logger LOG = LoggerFactory.getLogger(OriginSource.class);
  private static final int BUFFER_BYTES = 256 << 10;
  private static final int VERSION_THREADS = 2;
  private static final int VERSION_ATTEMPTS = 4;
  private static final long VERSION_PAUSE_MS = 150;
  private static final long CLOSE_MS = 15_000;

  private final OriginFileSystems fileSystems;
  private final OriginStreams streams;
  private final ScheduledExecutorService readThreads;
  private final ScheduledExecutorService versionThreads;
  private final ThreadLocal<byte[]> buffers = ThreadLocal.withInitial(() -> new byte[BUFFER_BYTES]);

  /** Asks the master what is behind a mount point. */
  public interface Mounts {
    UfsInfo get(long mountId) throws IOException;
  }

  /**
   * @param streams how many reads run at once at most
   */
  public OriginSource(Mounts mounts, AlluxioConfiguration conf, int pieceBytes, int streams) {
    this.fileSystems = new OriginFileSystems(mounts::get, conf, pieceBytes);
    this.streams = new OriginStreams(streams, System::nanoTime);
    this.readThreads = Executors.newScheduledThreadPool(streams, NamedThreads.many("mows-origin"));
    this.versionThreads =
        Executors.newScheduledThreadPool(VERSION_THREADS, NamedThreads.many("mows-origin-version"));
    versionThreads.scheduleWithFixedDelay(this.streams::closeIdle, 1, 1, TimeUnit.SECONDS);
  }

  @Override
  public CompletableFuture<Void> fetch(FileSpec file, long offset, int length, PieceSink sink) {
    return submit(
        readThreads,
        () -> {
          try {
            read(file, offset, length, sink);
          } catch (IOException | RuntimeException e) {
            throw readFailure(file, offset, length, e);
          }
          return null;
        });
  }

  private void read(FileSpec file, long offset, int length, PieceSink sink) throws IOException {
    UnderFileSystem ufs = fileSystems.get(file.origin().mountId());
    Optional<OriginStream> kept = streams.takeKept(file, offset);
    if (kept.isPresent()) {
      try {
        read(kept.get(), length, sink);
        return;
      } catch (IOException | RuntimeException e) {
        if (readThreads.isShutdown()) {
          throw e;
        }
        // It may have ended where its first request did, or its connection may have been cut while
        // nobody used it: that says nothing about the origin.
        LOG.debug("A kept stream of {} cannot be used any more", file, e);
      }
    }
    read(streams.open(ufs, file, offset, length), length, sink);
  }

  private void read(OriginStream stream, int length, PieceSink sink) throws IOException {
    try {
      byte[] buffer = buffers.get();
      int done = 0;
      while (done < length) {
        int count = stream.read(buffer, Math.min(buffer.length, length - done));
        if (count < 0) {
          throw new IOException("the origin sent " + done + " bytes and closed the connection");
        }
        sink.write(done, ByteBuffer.wrap(buffer, 0, count));
        done += count;
      }
    } catch (IOException | RuntimeException e) {
      stream.close();
      throw e;
    }
    streams.giveBack(stream);
  }

  private TransferException readFailure(FileSpec file, long offset, int length, Exception failure) {
    try {
      compare(file, status(file));
    } catch (TransferException e) {
      return e;
    } catch (IOException | RuntimeException e) {
      failure.addSuppressed(e);
    }
    return new TransferException(
        Remedy.RETRY,
        "reading "
            + length
            + " bytes at "
            + offset
            + " of "
            + file.origin().path()
            + " failed: "
            + failure,
        failure);
  }

  @Override
  public CompletableFuture<Void> confirmVersion(FileSpec file) {
    return submit(
        versionThreads,
        () -> {
          compare(file, patientStatus(file));
          return null;
        });
  }

  /**
   * Object stores say "not found" for any error of a HEAD request, so a file counts as deleted only
   * when they keep saying so.
   */
  private UfsFileStatus patientStatus(FileSpec file) throws IOException, InterruptedException {
    for (int attempt = 1; ; attempt++) {
      try {
        return status(file);
      } catch (IOException | RuntimeException e) {
        if (attempt == VERSION_ATTEMPTS) {
          boolean missing = e instanceof FileNotFoundException;
          throw new TransferException(
              missing ? Remedy.STOP : Remedy.RETRY,
              missing
                  ? file.origin().path() + " is no longer at the origin, or the origin denies it"
                  : "the origin does not answer for " + file.origin().path() + ": " + e,
              e);
        }
      }
      TimeUnit.MILLISECONDS.sleep(VERSION_PAUSE_MS << attempt);
    }
  }

  private UfsFileStatus status(FileSpec file) throws IOException {
    UnderFileSystem ufs = fileSystems.get(file.origin().mountId());
    return ufs.getFileStatus(file.origin().path());
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
      throw new TransferException(
          Remedy.STOP,
          origin.path()
              + " was replaced at the origin: "
              + difference
              + ". Run 'alluxio fs loadMetadata -F "
              + file.path()
              + "' or wait for the next metadata sync, then read it again.");
    }
  }

  /** Reads small files of the origin whole, over the same connections; closed with this. */
  public OriginFiles files() {
    return new OriginFiles(fileSystems);
  }

  private static CompletableFuture<Void> submit(
      ScheduledExecutorService threads, Callable<Void> task) {
    CompletableFuture<Void> result = new CompletableFuture<>();
    try {
      threads.execute(
          () -> {
            try {
              result.complete(task.call());
            } catch (Exception | Error e) {
              result.completeExceptionally(e);
            }
          });
    } catch (RejectedExecutionException e) {
      result.completeExceptionally(
          new TransferException(Remedy.RETRY_ELSEWHERE, "the worker is shutting down", e));
    }
    return result;
  }

  @Override
  public void close() {
    readThreads.shutdownNow();
    versionThreads.shutdownNow();
    try {
      readThreads.awaitTermination(CLOSE_MS, TimeUnit.MILLISECONDS);
      versionThreads.awaitTermination(CLOSE_MS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    streams.close();
    fileSystems.close();
  }
}
