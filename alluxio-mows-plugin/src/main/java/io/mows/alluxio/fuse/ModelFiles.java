// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.fuse;

import alluxio.AlluxioURI;
import alluxio.client.file.FileInStream;
import alluxio.client.file.FileSystem;
import alluxio.client.file.URIStatus;
import alluxio.exception.AlluxioException;
import io.mows.alluxio.block.FileCatalog;
import io.mows.alluxio.check.BlockSizeChecks;
import io.mows.alluxio.master.FreshPaths;
import io.mows.alluxio.metrics.Fallback;
import io.mows.alluxio.metrics.MowsMetrics;
import io.mows.alluxio.metrics.ToldException;
import io.mows.channel.Shortage;
import io.mows.channel.TransferException;
import io.mows.p2p.fetch.Arrival;
import io.mows.p2p.fetch.DroppedBytesException;
import io.mows.p2p.fetch.FileSpec;
import io.mows.p2p.fetch.LocalStore.BlockLease;
import io.mows.p2p.fetch.PendingRead;
import io.mows.p2p.fetch.engine.FetchEngine;
import io.mows.p2p.fetch.read.OpenedFile;
import io.mows.p2p.fetch.read.OpenedFile.Bytes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The files of a mount that are read through the piece engine. Knows nothing of who mounts them.
 * Thread-safe.
 */
final class ModelFiles implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ModelFiles.class);

  private final FileSystem fileSystem;
  private final FreshPaths paths;
  private final FileCatalog catalog;
  private final FetchEngine engine;
  private final ModelReadAhead readAhead;
  private final MowsMetrics metrics;
  private final SharedFiles opened;
  private final AtomicBoolean partsSaid = new AtomicBoolean();

  ModelFiles(
      FileSystem fileSystem,
      FreshPaths paths,
      FileCatalog catalog,
      FetchEngine engine,
      ModelReadAhead readAhead,
      MowsMetrics metrics) {
    this.fileSystem = fileSystem;
    this.paths = paths;
    this.catalog = catalog;
    this.engine = engine;
    this.readAhead = readAhead;
    this.metrics = metrics;
    this.opened = new SharedFiles(engine.verification()::open);
  }

  /**
   * Opens a file for reading; empty if stock Alluxio should (and may find that it is not there).
   *
   * @throws IOException if nobody gets the file, because its bytes are wrong, or nobody can say
   *     what it is, because the master is away
   */
  Optional<ModelFile> open(AlluxioURI uri) throws IOException {
    try {
      URIStatus status = paths.status(uri).status();
      Optional<FileSpec> spec = catalog.of(status.getFileInfo());
      if (spec.isEmpty()) {
        return Optional.empty();
      }
      refuseIfWrong(spec.get());
      ModelFile file = new ModelFile(opened.open(spec.get()), uri);
      readAhead.opened(spec.get());
      return Optional.of(file);
    } catch (AlluxioException e) {
      return Optional.empty();
    } catch (RuntimeException e) {
      metrics.fellBack(Fallback.OPEN, uri.getPath(), e);
      return Optional.empty();
    }
  }

  /** Another number each time bytes of this file were wrong and have been dropped. */
  int round(long fileId) {
    return engine.verification().generation(fileId);
  }

  /** As {@link io.mows.p2p.fetch.read.Verification#onDropped}. */
  void onDropped(LongConsumer listener) {
    engine.verification().onDropped(listener);
  }

  private void refuseIfWrong(FileSpec file) throws ToldException {
    Optional<TransferException> refusal = engine.verification().refusal(file);
    if (refusal.isPresent()) {
      throw metrics.failing().failed(file.path(), 0, refusal.get());
    }
  }

  @Override
  public void close() {
    readAhead.close();
  }

  /** One open file; any number of threads may read it at once. */
  final class ModelFile implements AutoCloseable {
    private final OpenedFile file;
    private final FileSpec spec;
    private final AlluxioURI uri;
    private FileInStream stock;

    private ModelFile(OpenedFile file, AlluxioURI uri) {
      this.file = file;
      this.spec = file.file();
      this.uri = uri;
    }

    long fileId() {
      return spec.fileId();
    }

    long lengthBytes() {
      return spec.layout().lengthBytes();
    }

    /** As {@link io.mows.p2p.fetch.read.Verification#whole}; the caller gives it to readers. */
    Optional<BlockLease> whole() throws IOException {
      int round = round(spec.fileId());
      Optional<BlockLease> whole = engine.verification().whole(spec);
      whole.ifPresent(lease -> file.given(round));
      return whole;
    }

    /** As {@link io.mows.p2p.fetch.read.Verification#arrival}. */
    Optional<Arrival> arrival() {
      if (spec.layout().blockCount() > 1 && partsSaid.compareAndSet(false, true)) {
        LOG.warn(
            "{} and files like it are read through this process, several times slower than the"
                + " kernel would read them by itself: it is {} blocks, not one. Remedy: {}",
            spec,
            spec.layout().blockCount(),
            BlockSizeChecks.remedy(spec));
      }
      return engine.verification().arrival(spec);
    }

    /** The kernel reads it by itself. */
    void passedThrough() {
      metrics.passedThrough();
      metrics.failing().read(spec);
    }

    /** Whether the kernel may go on using what it kept of {@code path}: readers have that then. */
    boolean keepsPages(PageCachePolicy pageCache, String path) {
      int round = round(spec.fileId());
      boolean keeps = pageCache.keepsPages(path, spec.fileId() + "/" + round);
      if (keeps) {
        file.given(round);
      }
      return keeps;
    }

    /**
     * Whether others still have it open who were given bytes that were dropped: they must not find
     * this one's bytes in the kernel's page cache, for they would take them for the rest of theirs.
     */
    boolean isOpenFromBefore() {
      return opened.isOpenFromBefore(spec.fileId());
    }

    /**
     * Reads from {@code position} until {@code dst} is full or the file ends.
     *
     * @return how many bytes were read, 0 at the end of the file
     * @throws TransferException if the origin says no, or if bytes that were read before were wrong
     */
    int read(long position, ByteBuffer dst) throws IOException {
      return read(position, dst, to -> file.read(position, to));
    }

    /** The {@link #read} of up to {@code length} bytes, if it would have to wait. */
    Optional<PendingRead> pending(long position, int length) throws IOException {
      return file.pending(position, length).map(pending -> new LateRead(position, pending));
    }

    private int read(long position, ByteBuffer dst, Bytes bytes) throws IOException {
      try {
        int count = Math.max(0, file.read(dst, to -> readOnce(position, to, bytes)));
        metrics.failing().read(spec.path(), position, count);
        return count;
      } catch (DroppedBytesException e) {
        // Said already, by who has the file open.
        throw e;
      } catch (IOException | RuntimeException e) {
        throw metrics.failing().failed(spec.path(), position, e);
      }
    }

    private int readOnce(long position, ByteBuffer dst, Bytes bytes) throws IOException {
      int start = dst.position();
      try {
        return bytes.read(dst);
      } catch (TransferException e) {
        // What the origin says is a fact, not a fault of ours: stock Alluxio would ask it again for
        // minutes, or mix the versions of a file that has changed.
        throw e;
      } catch (IOException | RuntimeException e) {
        if (Shortage.isOfFiles(e)) {
          // Stock Alluxio needs even more of them, and would try for minutes.
          throw e;
        }
        metrics.fellBack(Fallback.READ, spec.path(), e);
        dst.position(start);
        return stockRead(position, dst, e);
      }
    }

    private synchronized int stockRead(long position, ByteBuffer dst, Throwable cause)
        throws IOException {
      try {
        if (stock == null) {
          stock = fileSystem.openFile(uri, StockReads.OPTIONS);
        }
        return StockReads.read(stock, position, dst, spec.layout().lengthBytes());
      } catch (IOException | AlluxioException | RuntimeException e) {
        IOException failure = new IOException(cause.getMessage(), cause);
        failure.addSuppressed(e);
        throw failure;
      }
    }

    @Override
    public synchronized void close() throws IOException {
      opened.close(file);
      readAhead.closed(spec);
      if (stock != null) {
        stock.close();
      }
    }

    /** A read that falls back to stock Alluxio as others do. */
    private final class LateRead implements PendingRead {
      private final long position;
      private final PendingRead pending;

      LateRead(long position, PendingRead pending) {
        this.position = position;
        this.pending = pending;
      }

      @Override
      public CompletableFuture<Void> arrival() {
        return pending.arrival();
      }

      @Override
      public int read(ByteBuffer dst) throws IOException {
        return ModelFile.this.read(position, dst, pending::read);
      }

      @Override
      public void close() {
        pending.close();
      }
    }
  }
}
