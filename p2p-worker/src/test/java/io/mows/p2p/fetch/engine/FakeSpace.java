// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch.engine;

import io.mows.channel.memory.BlockFile;
import io.mows.p2p.fetch.FileSpec;
import io.mows.p2p.fetch.LocalStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongConsumer;
import java.util.function.LongPredicate;
import java.util.function.LongSupplier;

/**
 * A block store of real files with a quota, pins and LRU eviction. It checks every byte of a block
 * that is committed and remembers what it was not told to forget.
 */
final class FakeSpace implements LocalStore {
  final AtomicInteger inspections = new AtomicInteger();
  private final Path directory;
  private final Map<Long, FileSpec> files = new HashMap<>();
  private final Map<Long, Unfinished> reserved = new HashMap<>();
  private final LinkedHashMap<Long, Path> committed = new LinkedHashMap<>(16, 0.75f, true);
  private final Map<Long, Long> sizes = new HashMap<>();
  private final Map<Long, Integer> leases = new HashMap<>();
  private final Set<Long> present = ConcurrentHashMap.newKeySet();
  private final Set<Long> pinned = new HashSet<>();
  private final Map<Long, Path> twins = new ConcurrentHashMap<>();
  private final List<BlockFile> opened = new ArrayList<>();
  private final List<String> violations = new ArrayList<>();
  private long quotaBytes = Long.MAX_VALUE;
  private LongPredicate refuses = id -> false;
  private LongPredicate commitFails = id -> false;
  private LongConsumer onRemoved = id -> {};
  private volatile WriteFaults writeFaults = (blockId, position) -> false;
  private volatile LongSupplier writableBytes = () -> Long.MAX_VALUE;
  private volatile LongConsumer beforeReserve = id -> {};
  private volatile LongConsumer beforeCommit = id -> {};
  private volatile LongConsumer beforeAbort = id -> {};
  private volatile LongConsumer beforeRemove = id -> {};
  private volatile LongConsumer beforeOpen = id -> {};
  private volatile LongConsumer beforeTwin = id -> {};
  private boolean allowsWrongBytes;
  private boolean closing;
  private int names;
  private int reservations;

  FakeSpace(Path directory) {
    this.directory = directory;
  }

  /** Decides which writes find the file system full. */
  interface WriteFaults {
    boolean fails(long blockId, long position);
  }

  /** The engine ends: what is left is given back on any thread. */
  synchronized void closing() {
    closing = true;
  }

  /** What the file system says to have free. */
  void writableBytes(LongSupplier bytes) {
    writableBytes = bytes;
  }

  /** What is written into unfinished blocks fails as on a full tmpfs, where {@code faults} says. */
  void failWrites(WriteFaults faults) {
    writeFaults = faults;
  }

  /** Blocks of this file are checked against its content. */
  synchronized void know(FileSpec file) {
    for (int block = 0; block < file.layout().blockCount(); block++) {
      files.put(file.blockId(block), file);
    }
  }

  synchronized void quota(long bytes) {
    quotaBytes = bytes;
  }

  synchronized void refuse(LongPredicate blocks) {
    refuses = blocks;
  }

  synchronized void failCommits(LongPredicate blocks) {
    commitFails = blocks;
  }

  synchronized void pin(long blockId) {
    pinned.add(blockId);
  }

  synchronized void onRemoved(LongConsumer listener) {
    onRemoved = listener;
  }

  void beforeReserve(LongConsumer action) {
    beforeReserve = action;
  }

  void beforeCommit(LongConsumer action) {
    beforeCommit = action;
  }

  void beforeAbort(LongConsumer action) {
    beforeAbort = action;
  }

  void beforeRemove(LongConsumer action) {
    beforeRemove = action;
  }

  void beforeOpen(LongConsumer action) {
    beforeOpen = action;
  }

  /** Blocks may be committed with wrong bytes: a file may turn out to be wrong later. */
  synchronized void allowWrongBytes() {
    allowsWrongBytes = true;
  }

  /** Memory rots: turns one bit of a complete block. */
  synchronized void rot(long blockId, int offset) throws IOException {
    Path path = committed.get(blockId);
    byte[] bytes = Files.readAllBytes(path);
    bytes[offset] ^= 1;
    Files.write(path, bytes);
  }

  /** A block is there that nobody has asked us to reserve, with the right content. */
  synchronized void addCommitted(FileSpec file, int block) throws IOException {
    long blockId = file.blockId(block);
    int length = (int) file.layout().blockLength(block);
    int version = Integer.parseInt(file.origin().contentHash().substring(1));
    byte[] bytes =
        new Content(file.fileId(), version).bytes(file.layout().blockOffset(block), length).array();
    Path path = directory.resolve("block-" + blockId + "-" + names++);
    Files.write(path, bytes);
    sizes.put(blockId, (long) length);
    committed.put(blockId, path);
    present.add(blockId);
  }

  /**
   * Another file has these bytes for this block.
   *
   * @return where they are
   */
  Path addTwin(FileSpec file, int block, byte[] bytes) throws IOException {
    Path twin = Files.write(directory.resolve("twin-" + file.blockId(block)), bytes);
    twins.put(file.blockId(block), twin);
    return twin;
  }

  void beforeTwin(LongConsumer action) {
    beforeTwin = action;
  }

  synchronized Path pathOf(long blockId) {
    return committed.get(blockId);
  }

  /** Evicts a block unless it is being read or is not there. */
  synchronized boolean evict(long blockId) {
    if (!committed.containsKey(blockId) || leases.getOrDefault(blockId, 0) > 0) {
      return false;
    }
    delete(committed.remove(blockId));
    present.remove(blockId);
    sizes.remove(blockId);
    onRemoved.accept(blockId);
    return true;
  }

  synchronized Set<Long> committedBlocks() {
    return new HashSet<>(committed.keySet());
  }

  synchronized Set<Long> reservedBlocks() {
    return new HashSet<>(reserved.keySet());
  }

  synchronized int reservations() {
    return reservations;
  }

  /** What went wrong and what has not been given back; empty if all is well. */
  synchronized List<String> complaints() {
    List<String> complaints = new ArrayList<>(violations);
    reserved.keySet().forEach(id -> complaints.add("block " + id + " is still reserved"));
    leases.forEach((id, count) -> complaints.add("block " + id + " has " + count + " leases"));
    opened.stream()
        .filter(file -> file.lengthBytes() > 0 && isOpen(file))
        .forEach(file -> complaints.add("a block file is still open"));
    return complaints;
  }

  private static boolean isOpen(BlockFile file) {
    try {
      file.read(0, ByteBuffer.allocate(1));
      return true;
    } catch (ClosedChannelException e) {
      return false;
    } catch (IOException e) {
      return true;
    }
  }

  @Override
  public Optional<BlockLease> openCommitted(long blockId) throws IOException {
    mayBlock("openCommitted");
    beforeOpen.accept(blockId);
    synchronized (this) {
      Path path = committed.get(blockId);
      if (path == null) {
        return Optional.empty();
      }
      BlockFile file = BlockFile.openForRead(path);
      leases.merge(blockId, 1, Integer::sum);
      return Optional.of(new Lease(blockId, file));
    }
  }

  @Override
  public Optional<BlockLease> inspect(long blockId) throws IOException {
    inspections.incrementAndGet();
    return openCommitted(blockId);
  }

  @Override
  public void remove(long blockId) {
    mayBlock("remove");
    beforeRemove.accept(blockId);
    synchronized (this) {
      Path path = committed.remove(blockId);
      present.remove(blockId);
      if (path != null) {
        delete(path);
        sizes.remove(blockId);
        onRemoved.accept(blockId);
      }
    }
  }

  @Override
  public boolean isCommitted(long blockId) {
    return present.contains(blockId);
  }

  /** All that may take long is none of the engine's thread's business. */
  private synchronized void mayBlock(String call) {
    if (!closing && Thread.currentThread().getName().startsWith("mows-fetch")) {
      violations.add(call + " was called on " + Thread.currentThread().getName());
    }
  }

  @Override
  public BlockFile reserve(long blockId, long lengthBytes) throws IOException {
    mayBlock("reserve");
    beforeReserve.accept(blockId);
    synchronized (this) {
      reservations++;
      if (reserved.containsKey(blockId) || committed.containsKey(blockId)) {
        violations.add("block " + blockId + " was reserved twice");
        throw new IOException("Block " + blockId + " exists already");
      }
      if (refuses.test(blockId) || !makeRoom(lengthBytes)) {
        throw new NoSpaceException("no room for " + lengthBytes + " bytes", null);
      }
      Path path = Files.createFile(directory.resolve("tmp-" + blockId + "-" + names++));
      FileChannel disk = new FullDisk(path, at -> writeFaults.fails(blockId, at), this::mayBlock);
      BlockFile file = BlockFile.over(disk, path, lengthBytes);
      opened.add(file);
      reserved.put(blockId, new Unfinished(path, lengthBytes));
      sizes.put(blockId, lengthBytes);
      return file;
    }
  }

  @Override
  public boolean mayHaveTwin(FileSpec file, int block) {
    return twins.containsKey(file.blockId(block));
  }

  @Override
  public OptionalLong twinOf(FileSpec file, int block) {
    mayBlock("twinOf");
    beforeTwin.accept(file.blockId(block));
    return OptionalLong.of(file.blockId(block));
  }

  @Override
  public Optional<BlockFile> link(long blockId, long lengthBytes, long twin) throws IOException {
    mayBlock("link");
    synchronized (this) {
      Path bytes = twins.get(twin);
      if (bytes == null) {
        return Optional.empty();
      }
      if (!makeRoom(lengthBytes)) {
        throw new NoSpaceException("no room for " + lengthBytes + " bytes", null);
      }
      Path path = Files.createLink(directory.resolve("tmp-" + blockId + "-" + names++), bytes);
      BlockFile file = BlockFile.openForRead(path);
      opened.add(file);
      reserved.put(blockId, new Unfinished(path, lengthBytes));
      sizes.put(blockId, lengthBytes);
      return Optional.of(file);
    }
  }

  /** The other file's blocks go. */
  void dropTwins() {
    twins.clear();
  }

  private boolean makeRoom(long lengthBytes) {
    while (used() > quotaBytes - lengthBytes) {
      Optional<Long> victim =
          committed.keySet().stream()
              .filter(id -> !pinned.contains(id) && leases.getOrDefault(id, 0) == 0)
              .findFirst();
      if (victim.isEmpty()) {
        return false;
      }
      evict(victim.get());
    }
    return true;
  }

  private long used() {
    return sizes.values().stream().mapToLong(Long::longValue).sum();
  }

  @Override
  public long writableBytes() {
    mayBlock("writableBytes");
    return writableBytes.getAsLong();
  }

  @Override
  public void commit(long blockId) throws IOException {
    mayBlock("commit");
    beforeCommit.accept(blockId);
    synchronized (this) {
      Unfinished block = reserved.get(blockId);
      if (block == null) {
        violations.add("block " + blockId + " was committed but not reserved");
        throw new IOException("No block " + blockId);
      }
      check(blockId, block);
      if (commitFails.test(blockId)) {
        throw new IOException("the commit of " + blockId + " failed");
      }
      Path path = directory.resolve("block-" + blockId + "-" + names++);
      Files.move(block.path, path);
      reserved.remove(blockId);
      committed.put(blockId, path);
      present.add(blockId);
    }
  }

  private void check(long blockId, Unfinished block) throws IOException {
    FileSpec file = files.get(blockId);
    if (file == null) {
      violations.add("block " + blockId + " is of no known file");
      return;
    }
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(block.path));
    if (bytes.remaining() != block.lengthBytes) {
      violations.add("block " + blockId + " was committed with " + bytes.remaining() + " bytes");
    }
    int version = Integer.parseInt(file.origin().contentHash().substring(1));
    int wrong =
        new Content(file.fileId(), version)
            .firstWrong(file.layout().blockOffset(file.blockOf(blockId)), bytes);
    if (wrong >= 0 && !allowsWrongBytes) {
      violations.add("block " + blockId + " was committed with a wrong byte at " + wrong);
    }
  }

  @Override
  public void abort(long blockId) {
    mayBlock("abort");
    beforeAbort.accept(blockId);
    synchronized (this) {
      Unfinished block = reserved.remove(blockId);
      if (block == null) {
        violations.add("block " + blockId + " was aborted but not reserved");
        return;
      }
      sizes.remove(blockId);
      delete(block.path);
    }
  }

  private static void delete(Path path) {
    try {
      Files.delete(path);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static final class Unfinished {
    private final Path path;
    private final long lengthBytes;

    Unfinished(Path path, long lengthBytes) {
      this.path = path;
      this.lengthBytes = lengthBytes;
    }
  }

  private final class Lease implements BlockLease {
    private final long blockId;
    private final BlockFile file;

    Lease(long blockId, BlockFile file) {
      this.blockId = blockId;
      this.file = file;
    }

    @Override
    public BlockFile file() {
      return file;
    }

    @Override
    public void close() {
      try {
        file.close();
      } catch (IOException e) {
        throw new IllegalStateException(e);
      }
      synchronized (FakeSpace.this) {
        leases.computeIfPresent(blockId, (id, count) -> count == 1 ? null : count - 1);
      }
    }
  }
}
