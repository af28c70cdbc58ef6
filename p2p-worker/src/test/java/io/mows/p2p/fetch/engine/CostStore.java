// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch.engine;

import io.mows.channel.memory.BlockFile;
import io.mows.p2p.fetch.FileSpec;
import io.mows.p2p.fetch.LocalStore;
import io.mows.p2p.fetch.Origin;
import io.mows.p2p.fetch.PieceSink;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A block store with room for all, and an origin that has all: both answer at once. Every byte is a
 * zero, so all blocks are one and the same file.
 */
final class CostStore implements LocalStore, Origin {
  private final Path scratch;
  private final Set<Long> committed = ConcurrentHashMap.newKeySet();
  private final PollingThread thread = new PollingThread("cost-origin");

  CostStore(Path directory) throws IOException {
    this.scratch = Files.createFile(directory.resolve("scratch"));
  }

  int committedBlocks() {
    return committed.size();
  }

  @Override
  public boolean isCommitted(long blockId) {
    return committed.contains(blockId);
  }

  @Override
  public Optional<BlockLease> openCommitted(long blockId) throws IOException {
    if (!isCommitted(blockId)) {
      return Optional.empty();
    }
    // As long as the longest block: it is only ever read.
    BlockFile file = BlockFile.openForWrite(scratch, Integer.MAX_VALUE);
    return Optional.of(
        new BlockLease() {
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
          }
        });
  }

  @Override
  public Optional<BlockLease> inspect(long blockId) throws IOException {
    return openCommitted(blockId);
  }

  @Override
  public void remove(long blockId) {
    committed.remove(blockId);
  }

  @Override
  public BlockFile reserve(long blockId, long lengthBytes) throws IOException {
    return BlockFile.openForWrite(scratch, lengthBytes);
  }

  @Override
  public long writableBytes() {
    return Long.MAX_VALUE;
  }

  @Override
  public void commit(long blockId) {
    committed.add(blockId);
  }

  @Override
  public void abort(long blockId) {}

  @Override
  public CompletableFuture<Void> fetch(FileSpec file, long offset, int length, PieceSink sink) {
    return CompletableFuture.runAsync(
        () -> {
          try {
            sink.write(0, ByteBuffer.allocate(length));
          } catch (IOException e) {
            throw new IllegalStateException(e);
          }
        },
        thread);
  }

  @Override
  public CompletableFuture<Void> confirmVersion(FileSpec file) {
    return CompletableFuture.runAsync(() -> {}, thread);
  }

  @Override
  public void close() {
    thread.close();
  }
}
