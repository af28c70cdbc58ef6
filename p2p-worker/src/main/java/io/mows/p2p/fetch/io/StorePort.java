// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch.io;

import io.mows.channel.memory.BlockFile;
import io.mows.p2p.fetch.FileSpec;
import io.mows.p2p.fetch.LocalStore;
import io.mows.p2p.fetch.core.Mailbox;
import io.mows.p2p.fetch.read.FileView;
import io.mows.p2p.fetch.read.ReadViews;
import io.mows.p2p.fetch.state.StoreEffects;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Calls the block space on the store's threads, and holds the open file of each block that is being
 * filled. Methods are for the engine's thread, but for {@link #file}.
 */
public final class StorePort implements StoreEffects {
  private static final Logger LOG = LoggerFactory.getLogger(StorePort.class);

  private final LocalStore space;
  private final StoreThreads threads;
  private final ReadViews views;
  private final Mailbox mailbox;
  private final Map<Long, BlockFile> rooms = new ConcurrentHashMap<>();

  public StorePort(LocalStore space, StoreThreads threads, ReadViews views, Mailbox mailbox) {
    this.space = space;
    this.threads = threads;
    this.views = views;
    this.mailbox = mailbox;
  }

  /** Any thread: the file of this room; null if it is closed. */
  public BlockFile file(long room) {
    return rooms.get(room);
  }

  @Override
  public void reserve(long ticket, FileSpec file, int block, boolean mayLink) {
    if (!mayLink || !space.mayHaveTwin(file, block)) {
      reserve(ticket, file, block, OptionalLong.empty());
      return;
    }
    threads.findTwin(
        () -> space.twinOf(file, block),
        (twin, failure) -> {
          if (failure != null) {
            LOG.debug("Block {} of {} is fetched", block, file, failure);
          }
          reserve(ticket, file, block, failure == null ? twin : OptionalLong.empty());
        });
  }

  /** Any thread. */
  private void reserve(long ticket, FileSpec file, int block, OptionalLong twin) {
    long blockId = file.blockId(block);
    threads.room(
        blockId,
        () -> {
          long lengthBytes = file.layout().blockLength(block);
          Optional<BlockFile> linked =
              twin.isPresent()
                  ? space.link(blockId, lengthBytes, twin.getAsLong())
                  : Optional.empty();
          rooms.put(
              ticket, linked.isPresent() ? linked.get() : space.reserve(blockId, lengthBytes));
          return linked.isPresent();
        },
        (isLinked, failure) ->
            mailbox.post(
                in -> {
                  if (failure == null && isLinked) {
                    in.roomLinked(ticket);
                  } else {
                    in.stored(ticket, failure);
                  }
                }));
  }

  @Override
  public void commit(long ticket, FileSpec file, int block, long room) {
    threads.commit(
        () -> {
          space.commit(file.blockId(block));
          return null;
        },
        (none, failure) -> mailbox.post(in -> in.stored(ticket, failure)));
  }

  @Override
  public boolean isCommitted(long blockId) {
    return space.isCommitted(blockId);
  }

  @Override
  public void closeRoom(FileSpec file, int block, long room) {
    hide(file, block, room);
    BlockFile open = rooms.remove(room);
    if (open != null) {
      threads.serve(() -> close(open), (none, failure) -> {});
    }
  }

  /** Readers must not look into a file that is closed. */
  private void hide(FileSpec file, int block, long room) {
    FileView view = views.of(file);
    if (view != null) {
      view.close(block, room);
    }
  }

  @Override
  public void abort(long ticket, FileSpec file, int block, long room) {
    hide(file, block, room);
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

  @Override
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

  @Override
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
