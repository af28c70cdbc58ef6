// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.fuse;

import alluxio.AlluxioURI;
import alluxio.client.file.FileInStream;
import alluxio.client.file.FileSystem;
import alluxio.client.file.URIStatus;
import alluxio.exception.AlluxioException;
import alluxio.exception.FileDoesNotExistException;
import alluxio.grpc.OpenFilePOptions;
import alluxio.wire.FileInfo;
import io.mows.alluxio.block.FakeSource;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** The few questions that a mount asks of an Alluxio client; any other one fails the test. */
public final class FakeFileSystem {
  /** The paths of which the status was asked. */
  public final List<String> asked = new CopyOnWriteArrayList<>();

  public final List<String> listed = new CopyOnWriteArrayList<>();
  final List<OpenFilePOptions> opened = new CopyOnWriteArrayList<>();
  public volatile boolean answers = true;

  /** So many questions are not answered, also while others would be. */
  final AtomicInteger unanswered = new AtomicInteger();

  /** What comes in place of an answer. */
  volatile IOException noAnswer = new IOException("the master does not answer");

  /** Streams have no bytes from there on. */
  volatile long stockEndsAt = Long.MAX_VALUE;

  private volatile AlluxioException failure;
  private final Map<String, FileInfo> files = new TreeMap<>();

  public FileSystem client() {
    return (FileSystem)
        Proxy.newProxyInstance(
            FileSystem.class.getClassLoader(),
            new Class<?>[] {FileSystem.class},
            (proxy, method, args) -> {
              if (!answers || unanswered.getAndUpdate(n -> Math.max(0, n - 1)) > 0) {
                throw noAnswer;
              }
              if (failure != null) {
                throw failure;
              }
              switch (method.getName()) {
                case "isClosed":
                  return false;
                case "getStatus":
                  return askedStatus(((AlluxioURI) args[0]).getPath());
                case "listStatus":
                  return list(((AlluxioURI) args[0]).getPath());
                case "openFile":
                  opened.add((OpenFilePOptions) args[1]);
                  return new StockStream(
                      Math.min(
                          stockEndsAt,
                          args[0] instanceof URIStatus
                              ? ((URIStatus) args[0]).getLength()
                              : status(((AlluxioURI) args[0]).getPath()).getLength()));
                default:
                  throw new UnsupportedOperationException(method.toString());
              }
            });
  }

  /** Adds a file of one block with an id of its own; returns what the master says of it. */
  public FileInfo add(String path, long lengthBytes) {
    int number = files.size() + 1;
    long blockId = alluxio.master.block.BlockId.createBlockId(number, 0);
    FileInfo info =
        new FileInfo()
            .setFileId(alluxio.util.IdUtils.fileIdFromBlockId(blockId))
            .setPath(path)
            .setName(new AlluxioURI(path).getName())
            .setLength(lengthBytes)
            .setBlockSizeBytes(Math.max(1, lengthBytes))
            .setBlockIds(lengthBytes == 0 ? List.of() : List.of(blockId))
            .setCompleted(true)
            .setPersisted(true)
            .setUfsPath("oss://bucket" + path)
            .setUfsFingerprint("");
    files.put(path, info);
    return info;
  }

  /** From now on every answer is this. */
  public void failWith(AlluxioException answer) {
    failure = answer;
  }

  /** Returns what the master says of it. */
  public FileInfo addDirectory(String path) {
    FileInfo info =
        new FileInfo()
            .setFileId(-files.size() - 1)
            .setPath(path)
            .setName(new AlluxioURI(path).getName())
            .setFolder(true)
            .setCompleted(true);
    files.put(path, info);
    return info;
  }

  public void remove(String path) {
    files.remove(path);
  }

  private URIStatus askedStatus(String path) throws FileDoesNotExistException {
    asked.add(path);
    return status(path);
  }

  private URIStatus status(String path) throws FileDoesNotExistException {
    FileInfo info = files.get(path);
    if (info == null) {
      throw new FileDoesNotExistException(new AlluxioURI(path));
    }
    return new URIStatus(info);
  }

  private List<URIStatus> list(String directory) {
    listed.add(directory);
    List<URIStatus> found = new ArrayList<>();
    files.forEach(
        (path, info) -> {
          AlluxioURI parent = new AlluxioURI(path).getParent();
          if (parent != null && parent.getPath().equals(directory)) {
            found.add(0, new URIStatus(info));
          }
        });
    return found;
  }

  /** What stock Alluxio would read. */
  private static final class StockStream extends FileInStream {
    private final long lengthBytes;
    private long position;

    StockStream(long lengthBytes) {
      this.lengthBytes = lengthBytes;
    }

    @Override
    public int read(ByteBuffer buf) {
      // In small steps, as streams may.
      int count = (int) Math.min(Math.min(1000, buf.remaining()), lengthBytes - position);
      if (count <= 0) {
        return -1;
      }
      buf.put(FakeSource.content(position, count));
      position += count;
      return count;
    }

    @Override
    public int read(ByteBuffer buf, int offset, int length) {
      throw new UnsupportedOperationException();
    }

    @Override
    public int positionedRead(long at, byte[] buffer, int offset, int length) {
      throw new UnsupportedOperationException();
    }

    @Override
    public long getPos() {
      return position;
    }

    @Override
    public void seek(long to) {
      position = to;
    }

    @Override
    public long remaining() {
      return lengthBytes - position;
    }
  }
}
