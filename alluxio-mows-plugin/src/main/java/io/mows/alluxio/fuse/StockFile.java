// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.fuse;

import alluxio.client.file.FileInStream;
import io.mows.alluxio.fuse.kernel.MountedFiles.MountedFile;
import io.mows.p2p.fetch.Arrival;
import io.mows.p2p.fetch.LocalStore.BlockLease;
import io.mows.p2p.fetch.PendingRead;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;

/** A file that only Alluxio knows how to read: an empty one, or one that has no origin. */
final class StockFile implements MountedFile {
  private final long fileId;
  private final FileInStream in;

  StockFile(long fileId, FileInStream in) {
    this.fileId = fileId;
    this.in = in;
  }

  @Override
  public long fileId() {
    return fileId;
  }

  @Override
  public boolean isSmall() {
    return false;
  }

  @Override
  public boolean keepsPages() {
    return false;
  }

  @Override
  public synchronized int read(long position, ByteBuffer dst) throws IOException {
    long lengthBytes = in.remaining() + in.getPos();
    return position >= lengthBytes ? 0 : StockReads.read(in, position, dst, lengthBytes);
  }

  @Override
  public Optional<PendingRead> pending(long position, int length) {
    return Optional.empty();
  }

  @Override
  public Optional<BlockLease> whole() {
    return Optional.empty();
  }

  @Override
  public Optional<Arrival> arrival() {
    return Optional.empty();
  }

  @Override
  public void passedThrough() {
    throw new UnsupportedOperationException("It is not in one block");
  }

  @Override
  public synchronized void close() throws IOException {
    in.close();
  }
}
