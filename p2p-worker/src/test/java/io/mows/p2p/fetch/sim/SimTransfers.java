// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch.sim;

import io.mows.channel.CorruptPieceException;
import io.mows.channel.StoreException;
import io.mows.p2p.fetch.FileSpec;
import io.mows.p2p.fetch.table.Target;
import io.mows.p2p.fetch.table.UncachedSlots;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.Stream;

/**
 * The transfers of one simulated worker: bytes are written from one moment to another, fail, hang,
 * and go on for a while after they were called off.
 */
final class SimTransfers {
  private final SimWorker worker;
  private final SimTime time;
  private final SimStore store;
  private final Complaints complaints;
  private final Map<Long, Row> running = new HashMap<>();
  private final Map<Long, Integer> scratches = new HashMap<>();
  private final Map<Long, Slot> slots = new HashMap<>();

  SimTransfers(SimWorker worker, SimTime time, SimStore store, Complaints complaints) {
    this.worker = worker;
    this.time = time;
    this.store = store;
    this.complaints = complaints;
  }

  /** Which files it reads from the origin and gets no answer. */
  Stream<FileSpec> silentOrigins() {
    return running.values().stream().filter(row -> row.isSilent).map(row -> row.file);
  }

  boolean isAny() {
    return !running.isEmpty();
  }

  void readOrigin(long ticket, FileSpec file, int piece, Target target) {
    worker.world().read(worker, begin(ticket, file, piece, target));
  }

  /** A peer's bytes come; {@code target} is null if they are kept aside. */
  Row begin(long ticket, FileSpec file, int piece, Target target) {
    Row row = new Row(ticket, file, piece, target);
    running.put(ticket, row);
    return row;
  }

  /** Writes {@code value} to where it belongs, which takes a while. */
  void write(Row row, int value, boolean tellsCrc32) {
    if (row.isOver) {
      return;
    }
    if (row.isCancelled) {
      stop(row);
      return;
    }
    if (row.target != null && !beginWrite(row)) {
      return;
    }
    row.isWriting = true;
    time.later(time.someNs(10), () -> written(row, value, tellsCrc32));
  }

  private boolean beginWrite(Row row) {
    for (Target.Part part : row.target.parts()) {
      if (store.room(part.room()) == null || store.isFull()) {
        fail(row, new StoreException("the file system takes no bytes"), part.block());
        return false;
      }
    }
    if (row.target.isLinked()) {
      complaints.add("piece " + row.piece + " of " + row.file + " is written into a linked block");
    }
    for (Target.Part part : row.target.parts()) {
      if (worker.isShareShown(row.file, part.block(), row.piece, part.room())) {
        complaints.add("piece " + row.piece + " of " + row.file + " is written while it is shown");
      }
      long other = store.room(part.room()).beginWrite(row.piece, row.ticket);
      if (other >= 0 && other != row.ticket) {
        complaints.add("piece " + row.piece + " of " + row.file + " is written by two");
      }
    }
    if (row.target.slot() != UncachedSlots.NONE) {
      Slot slot = slots.computeIfAbsent(row.target.slot(), id -> new Slot());
      if (slot.writer >= 0) {
        complaints.add("slot " + row.target.slot() + " is written by two");
      }
      slot.writer = row.ticket;
      slot.value = SimOrigin.WRONG;
    }
    return true;
  }

  private void written(Row row, int value, boolean tellsCrc32) {
    row.isWriting = false;
    if (row.isOver) {
      return;
    }
    int bytes = row.isCancelled ? SimOrigin.WRONG : value;
    if (row.target != null) {
      for (Target.Part part : row.target.parts()) {
        SimStore.Room room = store.room(part.room());
        if (room != null) {
          room.endWrite(row.piece, row.ticket, bytes);
        }
      }
      Slot slot = slots.get(row.target.slot());
      if (slot != null && slot.writer == row.ticket) {
        slot.writer = -1;
        slot.value = bytes;
      }
    } else if (!row.isCancelled) {
      scratches.put(row.ticket, value);
    }
    if (row.isCancelled) {
      stop(row);
      return;
    }
    end(row);
    OptionalInt crc32 = tellsCrc32 ? OptionalInt.of(value) : OptionalInt.empty();
    worker.answer("transferDone", in -> in.transferDone(row.ticket, crc32));
  }

  void fail(Row row, Throwable failure, int block) {
    if (row.isOver) {
      return;
    }
    if (row.isCancelled) {
      stop(row);
      return;
    }
    end(row);
    if (StoreException.within(failure).isPresent()) {
      worker.answer(
          "transferFailed",
          in -> worker.ownFault(() -> in.transferFailed(row.ticket, failure, block)));
    } else {
      worker.answer("transferFailed", in -> in.transferFailed(row.ticket, failure, block));
    }
  }

  void corrupt(Row row) {
    fail(row, new CorruptPieceException("its CRC32 is another one"), -1);
  }

  private void end(Row row) {
    row.isOver = true;
    running.remove(row.ticket);
  }

  private void stop(Row row) {
    end(row);
    worker.answer("transferStopped", in -> in.transferStopped(row.ticket));
  }

  void copyScratch(long ticket, FileSpec file, int piece, Target target) {
    Integer value = scratches.remove(ticket);
    if (value == null) {
      complaints.add("nothing was kept aside of piece " + piece + " of " + file);
      return;
    }
    Row row = begin(ticket, file, piece, target);
    time.later(time.someNs(2), () -> write(row, value, false));
  }

  void readLinked(long ticket, FileSpec file, int piece, Target target) {
    Row row = begin(ticket, file, piece, target);
    SimStore.Room room = store.room(target.parts().get(0).room());
    time.later(
        time.someNs(3),
        () -> {
          if (store.room(target.parts().get(0).room()) != room) {
            fail(row, new IOException("the block is closed"), -1);
          } else if (!row.isOver && row.isCancelled) {
            stop(row);
          } else if (!row.isOver) {
            end(row);
            OptionalInt crc32 = OptionalInt.of(room.share(piece));
            worker.answer("transferDone", in -> in.transferDone(ticket, crc32));
          }
        });
  }

  void dropScratch(long ticket) {
    scratches.remove(ticket);
  }

  void cancel(long ticket) {
    Row row = running.get(ticket);
    if (row != null && !row.isCancelled) {
      row.isCancelled = true;
      worker.world().calledOff(worker, row);
      if (!row.isWriting) {
        time.later(
            time.someNs(2),
            () -> {
              if (!row.isOver && !row.isWriting) {
                stop(row);
              }
            });
      }
    }
  }

  /** What is in this slot; null if it is free. */
  Integer slot(long slot) {
    Slot known = slots.get(slot);
    return known == null ? null : known.value;
  }

  void freeSlot(long slot) {
    Slot freed = slots.remove(slot);
    if (freed != null && freed.writer >= 0) {
      complaints.add("slot " + slot + " is free and somebody writes into it");
    }
  }

  /** How many pieces are kept outside the store. */
  int slots() {
    return slots.size();
  }

  boolean isAnySlotLeft() {
    return !slots.isEmpty() || !scratches.isEmpty();
  }

  private static final class Slot {
    private long writer = -1;
    private int value;
  }

  /** One transfer that has not ended. */
  static final class Row {
    final long ticket;
    final FileSpec file;
    final int piece;
    private final Target target;
    private boolean isWriting;
    private boolean isCancelled;
    private boolean isOver;
    private boolean isSilent;

    Row(long ticket, FileSpec file, int piece, Target target) {
      this.ticket = ticket;
      this.file = file;
      this.piece = piece;
      this.target = target;
    }

    /** The origin does not answer it for long. */
    void silent() {
      isSilent = true;
    }

    /** Whether somebody follows the bytes that come from the origin. */
    boolean wantsCrc32() {
      return target.wantsCrc32();
    }
  }
}
