// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch.file;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/** Looks into a fetch for what must hold after each decision. */
public final class FetchProbe {
  private static final int MAX_HEDGES = 2;

  private FetchProbe() {}

  /** Tells of each rule that is broken. */
  public static void check(FileFetch fetch, Consumer<String> broken) {
    Map<Integer, Rows> byPiece = new HashMap<>();
    for (Transfer transfer : fetch.transfers().table().wanted()) {
      if (TransferTable.isLive(transfer)) {
        byPiece.computeIfAbsent(transfer.piece, piece -> new Rows()).add(transfer);
      }
    }
    if (fetch.isBroken()) {
      boolean isAwaited = fetch.wants().readers().count() > 0 || !fetch.wants().loads().isEmpty();
      if (!byPiece.isEmpty() || isAwaited) {
        broken.accept(fetch.file() + " is given up, and something runs or somebody waits");
      }
      return;
    }
    for (int piece = 0; piece < fetch.file().layout().pieceCount(); piece++) {
      check(fetch, piece, byPiece.getOrDefault(piece, Rows.NONE), broken);
    }
  }

  private static void check(FileFetch fetch, int piece, Rows rows, Consumer<String> broken) {
    boolean isArriving = fetch.plan().isArriving(piece);
    if (isArriving != (rows.all > 0) || rows.primary > 1 || rows.hedges > MAX_HEDGES) {
      broken.accept(
          "piece "
              + piece
              + " of "
              + fetch.file()
              + (isArriving ? " is" : " is not")
              + " on its way, by "
              + rows.all
              + " transfers: "
              + rows.primary
              + " first ones, and "
              + rows.hedges
              + " hedges");
    }
  }

  /** The pieces that wait for room, or for a writer to stop. */
  public static Set<Integer> waiting(FileFetch fetch) {
    Set<Integer> pieces = new HashSet<>();
    for (Transfer transfer : fetch.transfers().table().wanted()) {
      if (transfer.state == Transfer.State.WAITS) {
        pieces.add(transfer.piece);
      }
    }
    return pieces;
  }

  /** How many pieces are read from the origin, as far as the fetch knows. */
  public static int originReads(FileFetch fetch) {
    return count(fetch, true);
  }

  /** How many are taken from peers. */
  public static int downloads(FileFetch fetch) {
    return count(fetch, false);
  }

  private static int count(FileFetch fetch, boolean isOrigin) {
    int count = 0;
    for (Transfer transfer : fetch.transfers().table().wanted()) {
      count += transfer.isOrigin == isOrigin ? 1 : 0;
    }
    return count;
  }

  /** The transfers of one piece. */
  private static final class Rows {
    private static final Rows NONE = new Rows();

    private int all;
    private int primary;
    private int hedges;

    private void add(Transfer transfer) {
      all++;
      if (!transfer.isHedge) {
        primary++;
      } else if (!transfer.isInScratch) {
        hedges++;
      }
    }
  }
}
