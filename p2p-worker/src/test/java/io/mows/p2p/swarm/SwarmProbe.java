// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.swarm;

import io.mows.p2p.Fields;
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
    for (Object download : Fields.<Collection<?>>of(Fields.of(node, "downloads"), "active")) {
      from.merge(Fields.of(download, "link"), 1, Integer::sum);
      counted += Fields.<Boolean>of(download, "counted") ? 1 : 0;
    }
    Object uploads = Fields.of(node, "uploads");
    Map<Neighbour, Integer> to = byNeighbour(Fields.of(uploads, "active"));
    Map<Neighbour, Integer> offered = byNeighbour(Fields.of(uploads, "offers"));
    for (Neighbour link : swarm.links.values()) {
      same("downloads from a peer", link.downloads, from.getOrDefault(link, 0), broken);
      same("uploads to a peer", link.uploads, to.getOrDefault(link, 0), broken);
      same("offers to a peer", link.offers, offered.getOrDefault(link, 0), broken);
    }
    SwarmLoad load = node.load();
    same("downloads", swarm.downloads, counted, broken);
    same("reads from the origin", swarm.originReads, load.originReads(), broken);
    atMost("uploads", load.uploads(), swarm.settings.uploadSlots(), broken);
    atMost("deferred requests", load.deferredRequests(), swarm.settings.deferredRequests(), broken);
    // What is asked for and may be refused, a reader's piece and two hedges come on top.
    atMost("downloads", load.downloads(), 2 * swarm.settings.downloadSlots() + 4, broken);
    atMost("reads from the origin", load.originReads(), maxReads, broken);
  }

  private static Map<Neighbour, Integer> byNeighbour(Collection<OutgoingPiece> pieces) {
    Map<Neighbour, Integer> counts = new HashMap<>();
    pieces.forEach(piece -> counts.merge(piece.map.link, 1, Integer::sum));
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

  /** How often peers were struck, and which are in quarantine. */
  public static String strikes(SwarmNode node) {
    SwarmState swarm = Fields.of(node, "swarm");
    StringBuilder text = new StringBuilder();
    Map<Long, ?> entries = Fields.of(swarm.strikes, "entries");
    entries.forEach(
        (peer, entry) ->
            text.append(peer)
                .append(':')
                .append(Fields.<Integer>of(entry, "strikes"))
                .append(Fields.<Integer>of(entry, "times")));
    return text.toString();
  }
}
