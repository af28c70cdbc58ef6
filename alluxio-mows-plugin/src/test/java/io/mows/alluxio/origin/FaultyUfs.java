// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.origin;

import alluxio.AlluxioURI;
import alluxio.grpc.MountPOptions;
import alluxio.grpc.UfsInfo;
import alluxio.underfs.UfsFileStatus;
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
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Alluxio's local under file system, with faults a test asks for and a record of what was asked of
 * it. Its paths start with {@code faulty://}. Thread-safe.
 */
final class FaultyUfs implements UnderFileSystemFactory, AutoCloseable {
  private static final String SCHEME = "faulty://";

  /** Offset and length of every stream opened, as {@code offset+length}. */
  final List<String> opened = new CopyOnWriteArrayList<>();

  /** The settings of every connection. */
  final List<UnderFileSystemConfiguration> connections = new CopyOnWriteArrayList<>();

  final AtomicInteger streamsClosed = new AtomicInteger();
  final AtomicInteger connectionsClosed = new AtomicInteger();

  /** What object store it pretends to be; empty for none. */
  volatile String objectStoreType = "";

  volatile ReadFault readFault = (position, length) -> length;
  volatile StatusFault statusFault = status -> status;

  /** Called before every read of a stream. */
  interface ReadFault {
    /**
     * @return how many bytes may be read at most; -1 for the end of the stream
     */
    int allow(long position, int length) throws IOException;
  }

  /** Called with every status of a file. */
  interface StatusFault {
    UfsFileStatus change(UfsFileStatus status) throws IOException;
  }

  static FaultyUfs register() {
    FaultyUfs ufs = new FaultyUfs();
    UnderFileSystemFactoryRegistry.register(ufs);
    return ufs;
  }

  static String uri(Path path) {
    return SCHEME + path;
  }

  /** What the master says of a mount of {@code path}. */
  static UfsInfo mount(Path path, Map<String, String> properties) {
    return UfsInfo.newBuilder()
        .setUri(uri(path))
        .setProperties(MountPOptions.newBuilder().putAllProperties(properties))
        .build();
  }

  @Override
  public boolean supportsPath(String path) {
    return path.startsWith(SCHEME);
  }

  @Override
  public UnderFileSystem create(String path, UnderFileSystemConfiguration conf) {
    connections.add(conf);
    return new Faulty(new AlluxioURI(path), conf);
  }

  @Override
  public void close() {
    UnderFileSystemFactoryRegistry.unregister(this);
  }

  private final class Faulty extends LocalUnderFileSystem {
    private final String type = objectStoreType;

    Faulty(AlluxioURI uri, UnderFileSystemConfiguration conf) {
      super(uri, conf);
    }

    @Override
    public boolean isObjectStorage() {
      return !type.isEmpty();
    }

    @Override
    public String getUnderFSType() {
      return type.isEmpty() ? super.getUnderFSType() : type;
    }

    @Override
    public InputStream open(String path, OpenOptions options) throws IOException {
      opened.add(options.getOffset() + "+" + options.getLength());
      return new FaultyStream(super.open(path, options), options.getOffset());
    }

    @Override
    public UfsFileStatus getFileStatus(String path, GetFileStatusOptions options)
        throws IOException {
      return statusFault.change(super.getFileStatus(path, options));
    }

    @Override
    public void close() throws IOException {
      connectionsClosed.incrementAndGet();
      super.close();
    }
  }

  private final class FaultyStream extends FilterInputStream {
    private long position;

    FaultyStream(InputStream in, long position) {
      super(in);
      this.position = position;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      int allowed = readFault.allow(position, length);
      int count = allowed < 0 ? -1 : super.read(buffer, offset, allowed);
      position += Math.max(0, count);
      return count;
    }

    @Override
    public long skip(long count) throws IOException {
      long skipped = readFault.allow(position, 1) < 0 ? 0 : super.skip(count);
      position += skipped;
      return skipped;
    }

    @Override
    public void close() throws IOException {
      streamsClosed.incrementAndGet();
      super.close();
    }
  }
}
