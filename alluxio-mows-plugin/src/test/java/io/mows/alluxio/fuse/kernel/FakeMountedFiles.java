// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.fuse.kernel;

import alluxio.client.file.URIStatus;
import alluxio.exception.AlluxioException;
import alluxio.exception.FileDoesNotExistException;
import alluxio.exception.status.UnavailableException;
import alluxio.wire.FileInfo;
import io.mows.alluxio.master.PathStatus;
import io.mows.channel.memory.BlockFile;
import io.mows.p2p.fetch.Arrival;
import io.mows.p2p.fetch.LocalStore.BlockLease;
import io.mows.p2p.fetch.PendingRead;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.LongConsumer;

/** Files with a byte of their own; what is put {@link #inMemory} can be handed to the kernel. */
final class FakeMountedFiles implements MountedFiles {
  final Map<String, BlockFile> inMemory = new ConcurrentHashMap<>();
  final Map<String, FakeArrival> arriving = new ConcurrentHashMap<>();

  /** Files whose bytes come when this is done; what it fails with is what a read says then. */
  final Map<String, CompletableFuture<Void>> late = new ConcurrentHashMap<>();

  final Set<String> small = ConcurrentHashMap.newKeySet();
  final List<String> wants = new CopyOnWriteArrayList<>();
  volatile long ageMs;
  volatile int leases;
  volatile int openFiles;
  volatile int passedThrough;
  volatile int reads;
  volatile int waitingReads;
  private final Map<String, URIStatus> all = new TreeMap<>();
  private final Map<Long, Integer> rounds = new ConcurrentHashMap<>();
  private final List<LongConsumer> onDropped = new CopyOnWriteArrayList<>();

  FakeMountedFiles() {
    put("/", 0, true, 0);
  }

  void put(String path, long fileId, boolean folder, long lengthBytes) {
    put(path, fileId, folder, lengthBytes, folder ? 0755 : 0644);
  }

  void put(String path, long fileId, boolean folder, long lengthBytes, int mode) {
    all.put(
        path,
        new URIStatus(
            new FileInfo()
                .setFileId(fileId)
                .setPath(path)
                .setName(path.substring(path.lastIndexOf('/') + 1))
                .setFolder(folder)
                .setMode(mode)
                .setLastModificationTimeMs(1_234_567)
                .setLength(lengthBytes)));
  }

  @Override
  public PathStatus status(String path) throws FileDoesNotExistException {
    return new PathStatus(what(path), ageMs);
  }

  private URIStatus what(String path) throws FileDoesNotExistException {
    URIStatus status = all.get(path);
    if (status == null) {
      throw new FileDoesNotExistException(path);
    }
    return status;
  }

  @Override
  public List<URIStatus> list(String path) {
    String below = path.equals("/") ? "/" : path + "/";
    List<URIStatus> found = new ArrayList<>();
    all.forEach(
        (child, status) -> {
          boolean direct = child.startsWith(below) && child.indexOf('/', below.length()) < 0;
          if (direct && child.length() > below.length()) {
            found.add(status);
          }
        });
    return found;
  }

  @Override
  public List<String> attributes(String path) throws FileDoesNotExistException {
    status(path);
    return path.endsWith(".foreign") ? List.of() : List.of("user.mows.path", "user.mows.long");
  }

  @Override
  public Optional<byte[]> attribute(String path, String name) throws IOException, AlluxioException {
    status(path);
    if (path.endsWith(".unknown")) {
      throw new UnavailableException("the master does not answer");
    }
    if (name.equals("user.mows.long")) {
      return Optional.of(new byte[4096]);
    }
    boolean named = name.equals("user.mows.path");
    return named ? Optional.of(path.getBytes(StandardCharsets.UTF_8)) : Optional.empty();
  }

  @Override
  public Wants want(String directory) {
    wants.add("begin " + directory);
    return new Wants() {
      @Override
      public boolean add(List<String> names) throws IOException {
        if (names.contains("unknown")) {
          throw new UnavailableException("the master does not answer");
        }
        wants.add("add " + names);
        return !names.contains("missing");
      }

      @Override
      public void close() {
        wants.add("end " + directory);
      }
    };
  }

  @Override
  public MountedFile open(String path) throws IOException, FileDoesNotExistException {
    if (path.endsWith(".wrong")) {
      throw new IOException("it is not what its manifest says");
    }
    opened(1);
    return new FakeFile(path, what(path));
  }

  @Override
  public int round(long fileId) {
    return rounds.getOrDefault(fileId, 0);
  }

  @Override
  public void onDropped(LongConsumer listener) {
    onDropped.add(listener);
  }

  /** Bytes of this file were wrong. */
  void drop(long fileId) {
    rounds.merge(fileId, 1, Integer::sum);
    onDropped.forEach(listener -> listener.accept(fileId));
  }

  @Override
  public long capacityBytes() {
    return 1 << 30;
  }

  private synchronized void opened(int more) {
    openFiles += more;
  }

  private synchronized void leased(int more) {
    leases += more;
  }

  private synchronized void countPassedThrough() {
    passedThrough++;
  }

  private synchronized void countRead() {
    reads++;
  }

  private synchronized void waiting(int more) {
    waitingReads += more;
  }

  private final class LateRead implements PendingRead {
    private final FakeFile file;
    private final long position;
    private final CompletableFuture<Void> arrival;

    LateRead(FakeFile file, long position, CompletableFuture<Void> arrival) {
      this.file = file;
      this.position = position;
      this.arrival = arrival;
      waiting(1);
    }

    @Override
    public CompletableFuture<Void> arrival() {
      return arrival;
    }

    @Override
    public int read(ByteBuffer dst) throws IOException {
      try {
        arrival.join();
      } catch (CompletionException e) {
        throw new IOException(e.getCause());
      }
      return file.read(position, dst);
    }

    @Override
    public void close() {
      waiting(-1);
    }
  }

  private final class FakeFile implements MountedFile {
    private final String path;
    private final URIStatus status;
    private final int round;

    FakeFile(String path, URIStatus status) {
      this.path = path;
      this.status = status;
      this.round = round(status.getFileId());
    }

    @Override
    public long fileId() {
      return status.getFileId();
    }

    @Override
    public boolean isSmall() {
      return small.contains(path);
    }

    @Override
    public boolean keepsPages() {
      return true;
    }

    @Override
    public int read(long position, ByteBuffer dst) throws IOException {
      if (round(fileId()) != round) {
        throw new IOException("what was read before was wrong");
      }
      countRead();
      int count = (int) Math.max(0, Math.min(dst.remaining(), status.getLength() - position));
      for (int i = 0; i < count; i++) {
        dst.put((byte) (position + i));
      }
      return count;
    }

    @Override
    public Optional<PendingRead> pending(long position, int length) {
      CompletableFuture<Void> arrival = late.get(path);
      return arrival == null || arrival.isDone()
          ? Optional.empty()
          : Optional.of(new LateRead(this, position, arrival));
    }

    @Override
    public Optional<BlockLease> whole() {
      BlockFile file = inMemory.get(path);
      if (file == null) {
        return Optional.empty();
      }
      leased(1);
      return Optional.of(
          new BlockLease() {
            @Override
            public BlockFile file() {
              return file;
            }

            @Override
            public void close() {
              leased(-1);
            }
          });
    }

    @Override
    public Optional<Arrival> arrival() {
      return Optional.ofNullable(inMemory.containsKey(path) ? null : arriving.get(path));
    }

    @Override
    public void passedThrough() {
      countPassedThrough();
    }

    @Override
    public void close() {
      opened(-1);
    }
  }
}
