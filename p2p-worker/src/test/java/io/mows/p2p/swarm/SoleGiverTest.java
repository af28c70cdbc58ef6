// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.swarm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mows.p2p.piece.PieceBits;
import io.mows.p2p.swarm.message.SwarmMember.Role;
import io.mows.p2p.swarm.message.SwarmMessage.Bitfield;
import io.mows.p2p.swarm.message.SwarmMessage.Offer;
import io.mows.p2p.swarm.message.SwarmMessage.Request;
import io.mows.p2p.swarm.state.SwarmSettings;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.Test;

/**
 * Readers everywhere ask the only holder of a file for the pieces that they wait for. All wait for
 * what it alone can give, so it does not give again what others have as well, but now and then.
 */
final class SoleGiverTest {
  private static final long FILE = 77;
  private static final int PIECES = 256;
  private static final long FIRST_PEER = 10;
  private static final int PEERS = 12;
  private static final int FIRST_READER = 4;
  private static final int ROUNDS = 32;
  private static final int SPREAD = 7;

  private final RecordingActions actions = new RecordingActions();
  private final SwarmNode node = new SwarmNode(1, new SwarmSettings.Builder().build(), actions);
  private final Queue<Upload> uploads = new ArrayDeque<>();
  private final List<Integer> given = new ArrayList<>();
  private int answered;
  private long nowNs = 5_000_000_000L;

  private void serve() {
    BitSet all = new BitSet();
    all.set(0, PIECES);
    node.serveFile(FILE, 0, PIECES, all, nowNs);
    for (long peer = FIRST_PEER; peer < FIRST_PEER + PEERS; peer++) {
      node.connected(peer, Role.GROUP, true, false, nowNs);
      tell(peer, new PieceBits(PIECES));
    }
    takeOffers();
  }

  private void tell(long peer, PieceBits have) {
    PieceBits none = new PieceBits(PIECES);
    node.received(peer, new Bitfield(FILE, have, none, none, 3, false), nowNs);
  }

  /** Whatever is offered is taken. */
  private void takeOffers() {
    node.poll(nowNs);
    for (; answered < actions.sent.size(); answered++) {
      if (actions.sent.get(answered) instanceof Offer) {
        int piece = ((Offer) actions.sent.get(answered)).piece();
        Upload upload = new Upload(actions.sentTo.get(answered), piece);
        given.add(piece);
        uploads.add(upload);
        node.received(upload.peer, new Request(FILE, piece, false), nowNs);
      }
    }
  }

  /** Readers ask for {@code piece} all the time while the slots are taken. */
  private void giveWhileReadersAskFor(int piece) {
    given.clear();
    for (int round = 0; round < ROUNDS; round++) {
      for (long peer = FIRST_PEER + FIRST_READER; peer < FIRST_PEER + PEERS; peer++) {
        node.received(peer, new Request(FILE, piece, true), nowNs);
        tell(peer, new PieceBits(PIECES));
      }
      nowNs += 1_000_000;
      Upload sent = uploads.remove();
      node.uploadEnded(sent.peer, FILE, sent.piece, true);
      takeOffers();
    }
    assertEquals(ROUNDS, given.size(), "a slot is free in each round");
  }

  private long countOf(int piece) {
    return given.stream().filter(given -> given == piece).count();
  }

  @Test
  void shouldSeldomGiveAgainWhatOthersHaveWhileItAloneHasMore() {
    serve();
    PieceBits one = new PieceBits(PIECES);
    one.set(SPREAD);
    tell(FIRST_PEER, one);
    giveWhileReadersAskFor(SPREAD);
    assertTrue(countOf(SPREAD) <= ROUNDS / 8, "given again: " + given);
    assertTrue(countOf(SPREAD) >= 1, "who cannot reach the others is not left without: " + given);
  }

  @Test
  void shouldGiveReadersEveryOtherSlotWhenOthersHaveAll() {
    serve();
    PieceBits all = new PieceBits(PIECES);
    all.setAll();
    tell(FIRST_PEER, all);
    giveWhileReadersAskFor(SPREAD);
    assertTrue(countOf(SPREAD) >= ROUNDS / 3, "given to readers: " + given);
  }

  private static final class Upload {
    private final long peer;
    private final int piece;

    Upload(long peer, int piece) {
      this.peer = peer;
      this.piece = piece;
    }
  }
}
