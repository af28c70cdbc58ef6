// SPDX-License-Identifier: Apache-2.0
package io.mows.it.inprocess;

import alluxio.AlluxioURI;
import alluxio.underfs.UfsFileStatus;
import alluxio.underfs.UfsStatus;
import alluxio.underfs.UnderFileSystem;
import alluxio.underfs.UnderFileSystemConfiguration;
import alluxio.underfs.UnderFileSystemFactory;
import alluxio.underfs.UnderFileSystemFactoryRegistry;
import alluxio.underfs.local.LocalUnderFileSystem;
import alluxio.underfs.options.GetFileStatusOptions;
import alluxio.underfs.options.OpenOptions;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/**
 * An origin on local files that counts what is read from it and lets a test stand between any two
 * reads. Its paths start with {@code controlled://}. Thread-safe.
 */
final class ControlledUfs implements UnderFileSystemFactory, AutoCloseable {
  private static final String SCHEME = "controlled://";

  private final AtomicLong bytesRead = new AtomicLong();
  private final AtomicReference<ReadHook> hook = new AtomicReference<>(offset -> {});

  private volatile long blockBytes;

  /** Called before every read of a stream. */
  interface ReadHook {
    /**
     * @param offset where in the file the read starts
     * @throws IOException to let it fail
     */
    void beforeRead(long offset) throws IOException;
  }

  static ControlledUfs register() {
    ControlledUfs ufs = new ControlledUfs();
    UnderFileSystemFactoryRegistry.register(ufs);
    return ufs;
  }

  static String uri(java.nio.file.Path path) {
    return SCHEME + path;
  }

  /** How many bytes all streams have delivered so far. */
  long bytesRead() {
    return bytesRead.get();
  }

  void beforeEachRead(ReadHook newHook) {
    hook.set(newHook);
  }

  /** The size of the blocks that Alluxio cuts files into that it has not seen before. */
  void blockBytes(long newBlockBytes) {
    blockBytes = newBlockBytes;
  }

  @Override
  public boolean supportsPath(String path) {
    return path.startsWith(SCHEME);
  }

  @Override
  public UnderFileSystem create(String path, UnderFileSystemConfiguration conf) {
    return new Counting(new AlluxioURI(path), conf);
  }

  @Override
  public void close() {
    UnderFileSystemFactoryRegistry.unregister(this);
  }

  private final class Counting extends LocalUnderFileSystem {
    Counting(AlluxioURI uri, UnderFileSystemConfiguration conf) {
      super(uri, conf);
    }

    @Override
    public UfsFileStatus getFileStatus(String path, GetFileStatusOptions options)
        throws IOException {
      return withBlockSize(super.getFileStatus(path, options));
    }

    @Override
    public UfsStatus getStatus(String path) throws IOException {
      UfsStatus status = super.getStatus(path);
      return status.isFile() ? withBlockSize((UfsFileStatus) status) : status;
    }

    private UfsFileStatus withBlockSize(UfsFileStatus local) {
      return new UfsFileStatus(
          local.getName(),
          local.getContentHash(),
          local.getContentLength(),
          local.getLastModifiedTime(),
          local.getOwner(),
          local.getGroup(),
          local.getMode(),
          blockBytes > 0 ? blockBytes : local.getBlockSize());
    }

    @Override
    public InputStream open(String path, OpenOptions options) throws IOException {
      return new CountingStream(super.open(path, options), options.getOffset());
    }
  }

  private final class CountingStream extends FilterInputStream {
    private long position;

    CountingStream(InputStream in, long position) {
      super(in);
      this.position = position;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      hook.get().beforeRead(position);
      int count = in.read(buffer, offset, length);
      if (count > 0) {
        position += count;
        bytesRead.addAndGet(count);
      }
      return count;
    }

    @Override
    public long skip(long count) throws IOException {
      long skipped = in.skip(count);
      position += skipped;
      return skipped;
    }

    @Override
    public boolean markSupported() {
      return false;
    }
  }
}
