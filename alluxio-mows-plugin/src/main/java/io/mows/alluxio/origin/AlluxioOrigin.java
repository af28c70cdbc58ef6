// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.origin;

import alluxio.conf.AlluxioConfiguration;
import alluxio.grpc.UfsInfo;
import alluxio.underfs.UnderFileSystem;
import io.mows.channel.TransferException;
import io.mows.p2p.fetch.FileSpec;
import io.mows.p2p.fetch.Origin;
import io.mows.p2p.fetch.OriginException;
import io.mows.p2p.fetch.PieceSink;
import io.mows.p2p.swarm.origin.OriginFault;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * The origin: any under file system that Alluxio can read. Ranged reads of pieces, see {@link
 * OriginReader}; questions about versions have a few threads of their own, so they never wait for
 * data.
 */
public final class AlluxioOrigin implements Origin {
  private static final long SWEEP_MS = 100;

  private final OriginFileSystems fileSystems;
  private final OriginStatus status;
  private final OriginReader reads;
  private final OriginVersions versions;

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
    this.versions = new OriginVersions(fileSystems, status);
    versions.repeat(reads::sweep, SWEEP_MS);
  }

  @Override
  public CompletableFuture<Void> fetch(FileSpec file, long offset, int length, PieceSink sink) {
    return reads.read(file, offset, length, sink);
  }

  @Override
  public CompletableFuture<Void> confirmVersion(FileSpec file) {
    return versions.confirm(file);
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
        versions.check(file);
      } catch (OriginException e) {
        return e;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return OriginErrors.shuttingDown(e);
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
    versions.shutdown();
    reads.close();
    versions.close();
    fileSystems.close();
  }
}
