// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch.io;

import io.mows.channel.memory.BlockFile;
import io.mows.p2p.fetch.BlockSpace;
import io.mows.p2p.fetch.FileSpec;
import io.mows.p2p.fetch.core.Mailbox;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Calls the block space on the store's threads, and holds the open file of each block that is being
 * filled. Methods are for the engine's thread, but for {@link #file}.
 */
public final class StorePort {
  private static final Logger LOG = LoggerFactory.getLogger(StorePort.class);

  private final BlockSpace space;
  private final StoreThreads threads;
  private final Mailbox mailbox;
  private final Map<Long, BlockFile> rooms = new ConcurrentHashMap<>();

  public StorePort(BlockSpace space, StoreThreads threads, Mailbox mailbox) {
    this.space = space;
    this.threads = threads;
    this.mailbox = mailbox;
  }

  /** Any thread: the file of this room; null if it is closed. */
  public BlockFile file(long room) {
    return rooms.get(room);
  }

  public void reserve(long ticket, FileSpec file, int block) {
    long blockId = file.blockId(block);
    long lengthBytes = file.layout().blockLength(block);
    room(
        ticket,
        blockId,
        () -> {
          rooms.put(ticket, space.reserve(blockId, lengthBytes));
          return null;
        });
  }

  public void commit(long ticket, FileSpec file, int block) {
    threads.commit(
        () -> {
          space.commit(file.blockId(block));
          return null;
        },
        (none, failure) -> mailbox.post(in -> in.stored(ticket, failure)));
  }

  public void close(long room) {
    BlockFile file = rooms.remove(room);
    if (file != null) {
      threads.serve(() -> close(file), (none, failure) -> {});
    }
  }

  public void abort(long ticket, FileSpec file, int block, long room) {
    BlockFile unfinished = rooms.remove(room);
    room(
        ticket,
        file.blockId(block),
        () -> {
          if (unfinished != null) {
            close(unfinished);
          }
          space.abort(file.blockId(block));
          return null;
        });
  }

  public void remove(long ticket, FileSpec file, int block) {
    long blockId = file.blockId(block);
    room(
        ticket,
        blockId,
        () -> {
          space.remove(blockId);
          return null;
        });
  }

  private void room(long ticket, long blockId, Callable<Void> call) {
    threads.room(blockId, call, (none, failure) -> mailbox.post(in -> in.stored(ticket, failure)));
  }

  public void askRoom() {
    threads.serve(
        space::writableBytes,
        (bytes, failure) ->
            mailbox.post(in -> in.roomAnswered(failure == null ? bytes : 0, failure)));
  }

  private static Void close(BlockFile file) {
    try {
      file.close();
    } catch (IOException e) {
      LOG.warn("The block file {} could not be closed", file.path(), e);
    }
    return null;
  }
}
