// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch.file;

import io.mows.p2p.fetch.file.Transfer.State;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;
import java.util.function.Predicate;

/**
 * The transfers of one file, by what is asked of them: which are wanted, which wait, of which an
 * event will tell, and which writes a piece. For the engine's thread.
 */
final class TransferTable {
  /** Wanted reads from the origin, by piece. */
  private final Map<Integer, Transfer> originReads = new HashMap<>();

  /** Wanted transfers from peers. */
  private final List<Transfer> downloads = new ArrayList<>();

  /** Those that run or stop, of which an event will tell. */
  private final Map<Long, Transfer> running = new HashMap<>();

  /** Those that wait, in the order in which they came. */
  private final List<Transfer> waiting = new ArrayList<>();

  /** By piece: whose bytes go where that piece belongs. */
  private final Map<Integer, Transfer> writing = new HashMap<>();

  private boolean isClosed;

  /** It is wanted until one of the next four. */
  void add(Transfer transfer) {
    if (transfer.isOrigin) {
      originReads.put(transfer.piece, transfer);
    } else {
      downloads.add(transfer);
    }
  }

  /** It is not wanted any more, or done. */
  void forget(Transfer transfer) {
    if (transfer.isOrigin) {
      originReads.remove(transfer.piece, transfer);
    } else {
      downloads.remove(transfer);
    }
  }

  /** Forgets the read of {@code piece}, and returns it; none if there is none. */
  List<Transfer> takeRead(int piece) {
    Transfer read = originReads.remove(piece);
    return read == null ? List.of() : List.of(read);
  }

  /** Forgets those of {@code piece} from this peer, and returns them. */
  List<Transfer> takeDownloads(long peerId, int piece) {
    return takeDownloads(download -> download.peerId == peerId && download.piece == piece);
  }

  /** Forgets those from this peer, and returns them. */
  List<Transfer> takeDownloads(long peerId) {
    return takeDownloads(download -> download.peerId == peerId);
  }

  /** Forgets those of {@code piece} that were called off for a faster one, and returns them. */
  List<Transfer> takeCalledOff(int piece) {
    List<Transfer> taken = new ArrayList<>();
    for (Transfer transfer : wanted()) {
      if (transfer.piece == piece && !isLive(transfer)) {
        taken.add(transfer);
      }
    }
    taken.forEach(this::forget);
    return taken;
  }

  private List<Transfer> takeDownloads(Predicate<Transfer> which) {
    List<Transfer> taken = new ArrayList<>(downloads);
    taken.removeIf(which.negate());
    downloads.removeAll(taken);
    return taken;
  }

  /** Forgets all, and returns them. None is wanted from now on. */
  List<Transfer> close() {
    isClosed = true;
    List<Transfer> all = new ArrayList<>(wanted());
    originReads.clear();
    downloads.clear();
    return all;
  }

  /** Whether none is wanted any more. */
  boolean isClosed() {
    return isClosed;
  }

  /** Those that are wanted. */
  Collection<Transfer> wanted() {
    List<Transfer> all = new ArrayList<>(originReads.values());
    all.addAll(downloads);
    return all;
  }

  void waits(Transfer transfer) {
    waiting.add(transfer);
  }

  void waitsNoMore(Transfer transfer) {
    waiting.remove(transfer);
  }

  /** Takes out those that wait of these pieces. */
  List<Transfer> takeWaiting(IntPredicate pieces) {
    if (waiting.isEmpty()) {
      return List.of();
    }
    List<Transfer> taken = new ArrayList<>();
    for (Transfer transfer : waiting) {
      if (pieces.test(transfer.piece)) {
        taken.add(transfer);
      }
    }
    waiting.removeAll(taken);
    return taken;
  }

  /** Its end will be told. */
  void runs(Transfer transfer) {
    running.put(transfer.ticket, transfer);
  }

  /** What runs under this ticket; null if nothing does. */
  Transfer running(long ticket) {
    return running.get(ticket);
  }

  /** What ran under this ticket, and has ended; null if nothing did. */
  Transfer ended(long ticket) {
    return running.remove(ticket);
  }

  boolean isAnyRunning() {
    return !running.isEmpty();
  }

  void writes(Transfer transfer) {
    writing.put(transfer.piece, transfer);
  }

  /** Returns whether it did. */
  boolean writesNoMore(Transfer transfer) {
    return writing.remove(transfer.piece, transfer);
  }

  /** Who writes {@code piece}; null if nobody does. */
  Transfer writerOf(int piece) {
    return writing.get(piece);
  }

  boolean isAnyWriting() {
    return !writing.isEmpty();
  }

  /** Whether it is wanted and has not been called off. */
  static boolean isLive(Transfer transfer) {
    return transfer.state != State.STOPPING && transfer.state != State.OVER;
  }
}
