// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch.sim;

import io.mows.p2p.fetch.FileSpec;
import io.mows.p2p.fetch.LocalStore.NoSpaceException;
import io.mows.p2p.piece.FileLayout;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongConsumer;

/**
 * A worker's store: has a quota, is full at any moment, evicts at any moment, and fails. Blocks are
 * arrays of what their pieces are; complains when it is used wrongly.
 */
final class SimStore {
  private final SimTime time;
  private final long quotaBytes;
  private final Complaints complaints;
  private final Map<Long, Room> rooms = new HashMap<>();
  private final Map<Long, Block> committed = new LinkedHashMap<>();

  /** Blocks for which a room was asked for and has not been committed or given back. */
  private final Set<Long> asked = new HashSet<>();

  private boolean isFull;
  private boolean isFailing;
  private long changedNs;

  SimStore(SimTime time, long quotaBytes, Complaints complaints) {
    this.time = time;
    this.quotaBytes = quotaBytes;
    this.complaints = complaints;
  }

  void setFull(boolean full) {
    isFull = full;
    changedNs = time.nowNs();
  }

  /** Whether calls fail now and then. */
  void setFailing(boolean failing) {
    isFailing = failing;
    changedNs = time.nowNs();
  }

  /** Since when it takes blocks and bytes; not before now if it does not. */
  long wellSinceNs() {
    return isFull || isFailing ? time.nowNs() : changedNs;
  }

  long quotaBytes() {
    return quotaBytes;
  }

  long writableBytes() {
    return isFull ? 0 : Long.MAX_VALUE;
  }

  /** Whether no byte can be written now. */
  boolean isFull() {
    return isFull;
  }

  boolean isCommitted(long blockId) {
    return committed.containsKey(blockId);
  }

  private long usedBytes() {
    long used = 0;
    for (Room room : rooms.values()) {
      used += room.block.bytes;
    }
    for (Block block : committed.values()) {
      used += block.bytes;
    }
    return used;
  }

  /**
   * @param evicted told of what had to go, also if that was not enough
   */
  void reserve(long room, FileSpec file, int block, LongConsumer evicted) throws IOException {
    Block fresh = new Block(file, block);
    if (!asked.add(file.blockId(block))) {
      // A fetch was ended while its block was being committed, and another one was begun.
      throw new IOException("the block is being written");
    }
    if (isFailing && time.oneIn(8)) {
      asked.remove(file.blockId(block));
      throw new IOException("the store does not answer");
    }
    while (usedBytes() + fresh.bytes > quotaBytes) {
      Long victim = anyCommitted();
      if (victim == null || committed.containsKey(file.blockId(block))) {
        asked.remove(file.blockId(block));
        throw new NoSpaceException("no room", null);
      }
      committed.remove(victim);
      evicted.accept(victim);
    }
    if (committed.containsKey(file.blockId(block))) {
      asked.remove(file.blockId(block));
      throw new IOException("the block is there already");
    }
    rooms.put(room, new Room(fresh));
  }

  /** This block is there from before, and right. */
  void put(FileSpec file, int block) {
    Block whole = new Block(file, block);
    for (int i = 0; i < whole.shares.length; i++) {
      whole.shares[i] = SimOrigin.right(file, whole.first + i);
    }
    committed.put(file.blockId(block), whole);
  }

  Long anyCommitted() {
    List<Long> all = new ArrayList<>(committed.keySet());
    return all.isEmpty() ? null : all.get(time.chance(all.size()));
  }

  void evict(long blockId) {
    committed.remove(blockId);
  }

  /** The room that is open under this number; null if there is none. */
  Room room(long number) {
    Room room = rooms.get(number);
    return room == null || room.isClosed ? null : room;
  }

  void commit(FileSpec file, int block, long number) throws IOException {
    Room room = rooms.get(number);
    if (room == null) {
      complaints.add("block " + block + " of " + file + " is committed without a room");
      return;
    }
    if (isFailing && time.oneIn(4)) {
      throw new IOException("the master does not answer");
    }
    rooms.remove(number);
    asked.remove(file.blockId(block));
    committed.put(file.blockId(block), room.block);
  }

  /** From now on nobody writes or reads it. */
  void close(long number) {
    Room room = rooms.get(number);
    if (room != null) {
      room.isClosed = true;
    }
  }

  void abort(FileSpec file, int block, long number) {
    if (rooms.remove(number) == null) {
      complaints.add("block " + block + " of " + file + " is given back and was not reserved");
    }
    asked.remove(file.blockId(block));
  }

  void remove(long blockId) {
    committed.remove(blockId);
  }

  /** The share of {@code piece} in a complete block; null if it is not here. */
  Integer committedShare(FileSpec file, int block, int piece) {
    Block known = committed.get(file.blockId(block));
    return known == null ? null : known.shares[piece - known.first];
  }

  boolean isAnyRoomLeft() {
    return !rooms.isEmpty() || !asked.isEmpty();
  }

  /** One block's bytes. */
  private static final class Block {
    private final long bytes;
    private final int first;
    private final int[] shares;

    Block(FileSpec file, int block) {
      FileLayout layout = file.layout();
      this.bytes = layout.blockLength(block);
      this.first = layout.firstPieceOfBlock(block);
      this.shares = new int[layout.lastPieceOfBlock(block) - first + 1];
    }
  }

  /** A block that is being filled. */
  static final class Room {
    private final Block block;
    private final Map<Integer, Long> writers = new HashMap<>();
    private boolean isClosed;

    Room(Block block) {
      this.block = block;
    }

    /** Returns who else writes this piece; negative if nobody does. */
    long beginWrite(int piece, long ticket) {
      Long other = writers.put(piece, ticket);
      block.shares[piece - block.first] = SimOrigin.WRONG;
      return other == null ? -1 : other;
    }

    void endWrite(int piece, long ticket, int value) {
      if (writers.remove(piece, ticket)) {
        block.shares[piece - block.first] = value;
      }
    }

    /** It has all its bytes already. */
    void link(FileSpec file, boolean isRotten) {
      for (int i = 0; i < block.shares.length; i++) {
        block.shares[i] = SimOrigin.right(file, block.first + i);
      }
      if (isRotten) {
        block.shares[block.shares.length - 1] = SimOrigin.WRONG;
      }
    }

    int share(int piece) {
      return block.shares[piece - block.first];
    }

    /** Whether all of it is what it should be. */
    boolean isRight(FileSpec file) {
      for (int i = 0; i < block.shares.length; i++) {
        if (block.shares[i] != SimOrigin.right(file, block.first + i)) {
          return false;
        }
      }
      return true;
    }
  }
}
