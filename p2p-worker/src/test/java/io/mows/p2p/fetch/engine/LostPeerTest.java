// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.mows.p2p.fetch.FetchSettings;
import io.mows.p2p.fetch.FileSpec;
import io.mows.p2p.fetch.OriginRef;
import io.mows.p2p.fetch.core.FetchCore;
import io.mows.p2p.fetch.file.FetchProbe;
import io.mows.p2p.piece.FileLayout;
import io.mows.p2p.piece.PieceBits;
import io.mows.p2p.plan.Backoff;
import io.mows.p2p.swarm.SwarmNode.Cause;
import io.mows.p2p.swarm.message.SwarmMember.Role;
import io.mows.p2p.swarm.message.SwarmMessage.Bitfield;
import io.mows.p2p.swarm.message.SwarmMessage.Offer;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is decided of a peer whose connection is lost before the decision is carried out. */
final class LostPeerTest {
  private static final int PIECES = 4;
  private static final long PEER = 2;
  private static final FileSpec FILE =
      new FileSpec(
          7,
          "/a",
          new FileLayout(PIECES * 16, PIECES * 16, 16),
          List.of(7L),
          new OriginRef(1, "a", "v1", 0));

  private final FetchCore core =
      new FetchCore(
          new FetchSettings(4, 16, 64, 60_000, 1_000, Backoff.DEFAULT),
          OptionalLong.of(1),
          NoEffects.get(),
          new RecordingEvents(),
          0);

  @BeforeEach
  void offerAPiece() {
    core.load(1, FILE, List.of(0));
    core.decide();
    connect();
    core.decide();
    core.peerSaid(PEER, new Offer(FILE.fileId(), 0));
  }

  private void connect() {
    core.peerConnected(PEER, Role.GROUP, true, false);
    PieceBits none = new PieceBits(PIECES);
    PieceBits all = new PieceBits(PIECES);
    for (int piece = 0; piece < PIECES; piece++) {
      all.set(piece);
    }
    core.peerSaid(PEER, new Bitfield(FILE.fileId(), all, none, all, 1, false));
  }

  private int downloads() {
    return FetchProbe.downloads(core.fetches().get(FILE.fileId()).orElseThrow());
  }

  @Test
  void shouldTakeWhatAPeerOffers() {
    core.decide();
    assertEquals(1, downloads());
  }

  @Test
  void shouldNotTakeItWhenThePeerIsGoneByThen() {
    core.peerDisconnected(PEER, Cause.LOST);
    core.decide();
    assertEquals(0, downloads(), "it is taken for what is asked for over the next connection");
  }

  @Test
  void shouldTakeWhatIsOfferedOverTheNextConnection() {
    core.peerDisconnected(PEER, Cause.LOST);
    connect();
    core.peerSaid(PEER, new Offer(FILE.fileId(), 1));
    core.decide();
    assertEquals(1, downloads());
  }
}
