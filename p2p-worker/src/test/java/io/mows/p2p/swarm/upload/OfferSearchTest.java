// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.swarm.upload;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mows.p2p.swarm.RecordingActions;
import io.mows.p2p.swarm.message.SwarmMember.Role;
import io.mows.p2p.swarm.origin.OriginGates;
import io.mows.p2p.swarm.state.FileSwarm;
import io.mows.p2p.swarm.state.Hearsay;
import io.mows.p2p.swarm.state.Neighbour;
import io.mows.p2p.swarm.state.NeighbourPieces;
import io.mows.p2p.swarm.state.Ownership;
import io.mows.p2p.swarm.state.SwarmSettings;
import io.mows.p2p.swarm.state.SwarmState;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What is offered is the best there is, each of equals as often as the others. */
final class OfferSearchTest {
  private static final int SEED = 53;
  private static final int SCAN_LIMIT = 512;
  private static final int FILES = 3;
  private static final int WHOLE_FILE = 16;

  private final Random random = new Random(SEED);
  private final SwarmSettings settings = new SwarmSettings.Builder().build();
  private final SwarmState swarm =
      new SwarmState(
          1,
          settings,
          new RecordingActions(),
          new OriginGates(OriginGates.PATIENCE_NS, 0, OriginGates.Listener.NONE));
  private Outgoing outgoing = new Outgoing();
  private OfferSearch search = new OfferSearch(swarm, outgoing);

  private FileSwarm add(long fileId, int pieces) {
    Ownership ownership = new Ownership(5, fileId, swarm.self(), pieces, 4, 1);
    FileSwarm file =
        new FileSwarm(fileId, pieces, ownership, swarm.lists().next(), swarm.lists()::touch);
    swarm.files().put(fileId, file);
    return file;
  }

  private void connect(long peerId, int freeSlots) {
    Neighbour neighbour = swarm.connected(peerId, Role.GROUP, 0);
    neighbour.freeSlots(freeSlots);
    for (FileSwarm file : swarm.files().values()) {
      file.addNeighbour(file.neighbours().of(peerId));
    }
  }

  private void give(NeighbourPieces map, FileSwarm file, int piece) {
    Hearsay.correct(file, map, piece, true);
  }

  /** Some neighbours, some of whose pieces are here; some promises. */
  private void populate() {
    int most = random.nextBoolean() ? 1_200 : 2 * WHOLE_FILE;
    int files = 1 + random.nextInt(12);
    for (int f = 0; f < files; f++) {
      add(f, 1 + random.nextInt(most));
    }
    for (int p = 0; p < 1 + random.nextInt(8); p++) {
      connect(100 + p, random.nextInt(4));
    }
    for (FileSwarm file : swarm.files().values()) {
      int chance = 1 + random.nextInt(10);
      for (int piece = 0; piece < file.pieceCount(); piece++) {
        if (random.nextInt(chance) == 0) {
          file.arrived(piece);
        }
        for (NeighbourPieces map : file.neighbours().told()) {
          if (random.nextInt(3) > 0) {
            give(map, file, piece);
          }
        }
      }
      promise(file, random.nextBoolean());
    }
  }

  private void promise(FileSwarm file, boolean isOffer) {
    NeighbourPieces map =
        file.neighbours().told().get(random.nextInt(file.neighbours().told().size()));
    int piece = file.have().nextSet(random.nextInt(file.pieceCount()));
    if (piece >= 0) {
      OutgoingPiece promise = new OutgoingPiece(map, file, piece, 0);
      if (isOffer) {
        outgoing.offer(promise);
      } else {
        outgoing.begin(promise);
      }
    }
  }

  /** The ranks of all that could be offered, least first; by looking at each piece. */
  private Map<String, Long> ranks() {
    Map<String, Long> ranks = new HashMap<>();
    int pieces = 0;
    for (FileSwarm file : swarm.lists().giving()) {
      int filesBefore = pieces / WHOLE_FILE;
      if (filesBefore >= FILES) {
        break;
      }
      boolean wanted = false;
      for (NeighbourPieces map : file.neighbours().told()) {
        wanted |= rank(file, map, filesBefore, ranks);
      }
      pieces += wanted ? Math.min(WHOLE_FILE, file.pieceCount()) : 0;
    }
    return ranks;
  }

  private boolean rank(
      FileSwarm file, NeighbourPieces map, int filesBefore, Map<String, Long> ranks) {
    Neighbour neighbour = map.neighbour();
    int lacked = 0;
    boolean wanted = false;
    boolean open = neighbour.takesMore() && swarm.hasUploadSlot(neighbour);
    for (int piece = 0; open && piece < file.pieceCount() && lacked < SCAN_LIMIT; piece++) {
      if (!file.have().get(piece) || map.covers(piece)) {
        continue;
      }
      lacked++;
      int promised = 0;
      boolean promisedToIt = false;
      for (List<OutgoingPiece> list : List.of(outgoing.active(), outgoing.offers())) {
        for (OutgoingPiece upload : list) {
          promised += upload.isNewsOf(file, piece) ? 1 : 0;
          promisedToIt |= upload.file == file && upload.piece == piece && upload.map == map;
        }
      }
      if (!promisedToIt) {
        wanted = true;
        long rarity = FILES * ((long) file.copies(piece) + promised) + filesBefore;
        long crowd = neighbour.crowd();
        ranks.put(
            name(file, map, piece), (rarity << 32) + (crowd << 16) + 255 - neighbour.freeSlots());
      }
    }
    return wanted;
  }

  private static String name(FileSwarm file, NeighbourPieces map, int piece) {
    return file.fileId() + "/" + map.neighbour().peerId() + "/" + piece;
  }

  @Test
  void shouldFindTheBestOffer() {
    System.out.println("seed " + SEED);
    int found = 0;
    for (int round = 0; round < 300; round++) {
      swarm.files().values().forEach(FileSwarm::leave);
      swarm.files().values().forEach(swarm.lists()::touch);
      swarm.files().clear();
      List.copyOf(swarm.connections().all()).forEach(swarm::disconnected);
      outgoing = new Outgoing();
      search = new OfferSearch(swarm, outgoing);
      populate();
      Map<String, Long> ranks = ranks();
      OutgoingPiece best = search.find(round, 0);
      if (ranks.isEmpty()) {
        assertNull(best, "round " + round);
      } else {
        found++;
        long least = ranks.values().stream().mapToLong(Long::longValue).min().getAsLong();
        assertEquals(
            least, ranks.get(name(best.file, best.map, best.piece)), "rank in round " + round);
      }
    }
    assertTrue(found > 100, found + " rounds with something to offer");
  }

  /** The last neighbours wait for files of one piece: what nobody has yet spreads meanwhile. */
  @Test
  void shouldSpreadALargeFileWhileSmallOnesBeforeItAreStillLacked() {
    add(0, 1_100);
    for (int f = 1; f <= 5; f++) {
      add(f, 1);
    }
    FileSwarm next = add(6, 1_100);
    for (int p = 0; p < 5; p++) {
      connect(10 + p, 4);
    }
    for (FileSwarm file : swarm.files().values()) {
      file.have().setAll();
      swarm.lists().touch(file);
      for (int piece = 0; file != next && piece < file.pieceCount(); piece++) {
        give(file.neighbours().told().get(0), file, piece);
      }
    }
    assertEquals(next, search.find(random.nextLong(), 0).file);
  }

  /** One neighbour lacks many pieces, the other one few: each pair is as likely. */
  @Test
  void shouldChooseAmongEqualsByChance() {
    int pieces = 200;
    FileSwarm file = add(1, pieces);
    connect(10, 4);
    connect(11, 4);
    connect(12, 4);
    for (int piece = 0; piece < pieces; piece++) {
      file.arrived(piece);
      // One copy of each: the first lacks 180, the second 20 that lie together.
      give(file.neighbours().told().get(piece < 20 ? 0 : 1), file, piece);
      give(file.neighbours().told().get(2), file, piece);
    }
    Map<String, Integer> times = new HashMap<>();
    int rounds = 200_000;
    for (int round = 0; round < rounds; round++) {
      OutgoingPiece offer = search.find(random.nextLong(), 0);
      times.merge(name(file, offer.map, offer.piece), 1, Integer::sum);
    }
    assertEquals(pieces, times.size(), "different offers");
    int expected = rounds / pieces;
    times.forEach(
        (name, count) ->
            // Five times what chance makes of it.
            assertTrue(Math.abs(count - expected) < 5 * Math.sqrt(expected), name + " " + count));
  }

  /** What a choice costs: a look at 64 pieces, not at each one. */
  @Test
  void shouldLookAt64PiecesAtATime() {
    int pieces = 1_100;
    int neighbours = 16;
    for (int f = 0; f < 2 * FILES; f++) {
      add(f, pieces).have().setAll();
    }
    for (int p = 0; p < neighbours; p++) {
      connect(10 + p, 4);
    }
    search.find(1, 0);
    long words = search.wordsLookedAt();
    assertTrue(words <= (long) FILES * neighbours * (pieces / 64 + 1), words + " words looked at");
  }
}
