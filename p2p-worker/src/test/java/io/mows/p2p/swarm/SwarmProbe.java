// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.swarm;

import io.mows.p2p.Fields;
import io.mows.p2p.swarm.state.DownloadRow;
import io.mows.p2p.swarm.state.FileSwarm;
import io.mows.p2p.swarm.state.Neighbour;
import io.mows.p2p.swarm.state.NeighbourPieces;
import io.mows.p2p.swarm.state.SwarmState;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/** Looks into a node for what must hold after each decision: each count equals what it counts. */
public final class SwarmProbe {
  private SwarmProbe() {}

  /** Tells of each count that is wrong, and of each limit that is exceeded. */
  public static void check(SwarmNode node, int maxReads, Consumer<String> broken) {
    SwarmState swarm = Fields.of(node, "swarm");
    Map<Neighbour, Integer> from = new HashMap<>();
    int counted = 0;
    for (DownloadRow download : swarm.inFlight().downloads()) {
      from.merge(download.neighbour(), 1, Integer::sum);
      counted += Fields.<Boolean>of(download, "counted") ? 1 : 0;
    }
    Object outgoing = Fields.of(Fields.of(node, "uploads"), "outgoing");
    Map<Neighbour, Integer> to = byNeighbour(Fields.of(outgoing, "active"));
    Map<Neighbour, Integer> offered = byNeighbour(Fields.of(outgoing, "offers"));
    for (Neighbour peer : swarm.connections().all()) {
      same("downloads from a peer", peer.downloads(), from.getOrDefault(peer, 0), broken);
      same("uploads to a peer", Fields.of(peer, "uploads"), to.getOrDefault(peer, 0), broken);
      same("offers to a peer", Fields.of(peer, "offers"), offered.getOrDefault(peer, 0), broken);
    }
    SwarmLoad load = node.load();
    same("downloads", swarm.inFlight().coming(), counted, broken);
    primaries(swarm, broken);
    atMost("uploads", load.uploads(), swarm.settings().uploadSlots(), broken);
    atMost(
        "deferred requests", load.deferredRequests(), swarm.settings().deferredRequests(), broken);
    // What is asked for and may be refused, a reader's piece and two hedges come on top.
    atMost("downloads", load.downloads(), 2 * swarm.settings().downloadSlots() + 4, broken);
    atMost("reads from the origin", load.originReads(), maxReads, broken);
  }

  /** A piece is on its way if and only if it has one row that is no hedge. */
  private static void primaries(SwarmState swarm, Consumer<String> broken) {
    for (FileSwarm file : swarm.files().values()) {
      for (int piece = 0; piece < file.pieceCount(); piece++) {
        boolean isArriving = file.plan() != null && file.plan().isArriving(piece);
        int rows = swarm.inFlight().findRead(file, piece) == null ? 0 : 1;
        rows += swarm.inFlight().isAny(file, piece) ? 1 : 0;
        same("sources of piece " + piece, isArriving ? 1 : 0, rows, broken);
      }
    }
  }

  private static Map<Neighbour, Integer> byNeighbour(Collection<?> pieces) {
    Map<Neighbour, Integer> counts = new HashMap<>();
    for (Object piece : pieces) {
      NeighbourPieces map = Fields.of(piece, "map");
      counts.merge(map.neighbour(), 1, Integer::sum);
    }
    return counts;
  }

  private static void same(String what, int count, int rows, Consumer<String> broken) {
    if (count != rows) {
      broken.accept(what + " are counted as " + count + " and are " + rows);
    }
  }

  private static void atMost(String what, int count, int limit, Consumer<String> broken) {
    if (count > limit) {
      broken.accept("there are " + count + " " + what + " of at most " + limit);
    }
  }

  /** How often peers were struck, which are in quarantine, and which are left alone until when. */
  public static String blame(SwarmNode node) {
    SwarmState swarm = Fields.of(node, "swarm");
    StringBuilder text = new StringBuilder();
    Map<Long, ?> entries = Fields.of(swarm.strikes(), "entries");
    entries.forEach(
        (peer, entry) -> {
          text.append(peer).append(": ").append(Fields.<Integer>of(entry, "strikes"));
          text.append(" strikes, quarantine ").append(Fields.<Integer>of(entry, "times"));
          text.append(" until ").append(Fields.<Long>of(entry, "endNs")).append("; ");
        });
    for (Neighbour peer : swarm.connections().all()) {
      text.append(peer.peerId()).append(": ").append(Fields.<Integer>of(peer, "brokenPromises"));
      text.append(" broken promises, not before ");
      text.append(Fields.<Long>of(peer, "notBeforeNs")).append("; ");
    }
    return text.toString();
  }
}
