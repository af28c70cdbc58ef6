// SPDX-License-Identifier: Apache-2.0
package io.mows.channel.netty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mows.channel.ChannelCount;
import io.mows.channel.CloseReason;
import io.mows.channel.PeerConnection;
import io.mows.channel.PieceRequest;
import io.mows.channel.PieceTransfer;
import io.mows.channel.Remedy;
import io.mows.channel.TransferException;
import io.mows.channel.testing.Eventually;
import io.mows.channel.testing.FaultyLink;
import io.mows.channel.testing.TestFile;
import io.mows.channel.testing.TestWorker;
import io.mows.channel.wire.FrameHandler;
import io.mows.channel.wire.Hello;
import io.mows.channel.wire.LaneFrames;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** More than one connection with a peer. */
final class TcpLanesTest extends TcpContract {
  private static final int PIECES = 64;
  private static final int MAX = 4;

  private TestWorker here;
  private TestWorker there;
  private FaultyLink link;
  private PeerConnection toThere;
  private TestFile source;
  private TestFile room;

  @BeforeEach
  void connect() throws Exception {
    there = newWorker(settings("there").maxConnectionsPerPeer(MAX).build());
    here = newWorker(settings("here").maxConnectionsPerPeer(MAX).build());
    link = newLink(there.channel().listen());
    toThere = here.connect(link.address());
    source = newFile(PIECES * PIECE, PIECE, PIECES * PIECE);
    room = roomFor(source, PIECES * PIECE);
    there.pieces().add(source);
    here.pieces().add(source);
    Eventually.await("both know each other", () -> there.listener().peers().size() == 1);
  }

  private PieceRequest piece(int index) {
    return new PieceRequest(FILE, index, 0, PIECE, false);
  }

  private void use(int count) {
    Eventually.await(
        "there are " + count,
        () -> {
          ((NettyPeerConnection) toThere).lanes().use(count, true);
          return here.listener().lanes("there") == count && there.listener().lanes("here") == count;
        });
  }

  /** Keeps so many requests under way until there are {@code lanes}, and checks each piece. */
  private void fetchUntil(PeerConnection peer, TestWorker worker, int lanes) throws Exception {
    Deque<Integer> pieces = new ArrayDeque<>();
    Deque<PieceTransfer> transfers = new ArrayDeque<>();
    int next = 0;
    long deadlineNs = System.nanoTime() + 120_000_000_000L;
    while (worker.listener().lanes(peer.peerId()) < lanes) {
      assertTrue(System.nanoTime() < deadlineNs, "there are not so many");
      while (transfers.size() < 12) {
        pieces.add(next % PIECES);
        transfers.add(fetch(peer, piece(next++ % PIECES), room));
      }
      check(await(transfers.remove()), piece(pieces.remove()), source, room);
    }
    for (PieceTransfer transfer : transfers) {
      check(await(transfer), piece(pieces.remove()), source, room);
    }
  }

  @Test
  void shouldUseMoreWhereEachIsLimited() throws Exception {
    link.limitEach(2_000_000);
    fetchUntil(toThere, here, MAX);
    assertEquals(MAX, link.connections());
    assertEquals(MAX - 1, here.channel().stats().count(ChannelCount.LANES_OPEN));
    assertEquals(MAX - 1, there.channel().stats().count(ChannelCount.LANES_OPEN));
  }

  @Test
  void shouldHaveThePeerDialWhereThePeerHasDialledTheFirst() throws Exception {
    link.limitEach(2_000_000);
    fetchUntil(there.listener().peers().get(0), there, MAX);
    assertEquals(MAX, link.connections());
  }

  @Test
  void shouldAskAgainForWhatCouldNotBeMadeOrHasGone() throws Exception {
    Lanes lanes = ((NettyPeerConnection) there.listener().peers().get(0)).lanes();
    for (int i = 0; i < 2; i++) {
      Eventually.await(
          "there are two",
          () -> {
            lanes.use(2, true);
            return there.listener().lanes("here") == 2;
          });
      lanes.last().close("a test says so");
      Eventually.await("it is gone", () -> there.listener().lanes("here") == 1);
      lanes.use(1, true);
    }
  }

  @Test
  void shouldSpreadRequestsBothWaysAndServeThemAsOnePeers() throws Exception {
    use(MAX);
    PeerConnection back = there.listener().peers().get(0);
    List<PieceTransfer> transfers = new ArrayList<>();
    for (int i = 0; i < PIECES; i++) {
      transfers.add(fetch(i % 2 == 0 ? toThere : back, piece(i), room));
    }
    for (int i = 0; i < PIECES; i++) {
      check(await(transfers.get(i)), piece(i), source, room);
    }
    assertTrue(there.pieces().served().stream().allMatch("here"::equals));
    assertEquals(1, there.listener().peers().size());
    assertEquals(1, here.channel().stats().count(ChannelCount.CONNECTIONS_ESTABLISHED));
  }

  @Test
  void shouldCountUploadsPerPeerNotPerConnection() throws Exception {
    TestWorker narrow =
        newWorker(settings("narrow").maxConnectionsPerPeer(MAX).uploads(64, 2, 256).build());
    narrow.pieces().add(source);
    PeerConnection peer = here.connect(narrow.channel().listen());
    Eventually.await(
        "there are four",
        () -> {
          ((NettyPeerConnection) peer).lanes().use(MAX, true);
          return narrow.listener().lanes("here") == MAX;
        });
    narrow.pieces().closeGate();
    List<PieceTransfer> transfers = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      transfers.add(fetch(peer, piece(i), room));
    }
    Eventually.await("two are served", () -> narrow.pieces().inUse() == 2);
    narrow.pieces().openGate();
    for (int i = 0; i < 8; i++) {
      check(await(transfers.get(i)), piece(i), source, room);
    }
    assertEquals(2, narrow.pieces().mostInUse());
  }

  @Test
  void shouldFailOnlyWhatWasUnderWayOnOneThatBreaks() throws Exception {
    use(2);
    there.pieces().closeGate();
    List<PieceTransfer> transfers = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      transfers.add(fetch(toThere, piece(i), room));
    }
    Eventually.await("all are asked for", () -> there.pieces().served().size() == 8);
    ((NettyPeerConnection) there.listener().peers().get(0)).lanes().last().close("a test says so");
    Eventually.await("it is gone", () -> here.listener().lanes("there") == 1);
    there.pieces().openGate();
    int failed = 0;
    for (int i = 0; i < 8; i++) {
      try {
        check(await(transfers.get(i)), piece(i), source, room);
      } catch (ExecutionException e) {
        assertEquals(Remedy.RETRY, ((TransferException) e.getCause()).remedy());
        failed++;
      }
    }
    assertEquals(4, failed);
    assertTrue(toThere.isOpen());
    fetchAndCheck(toThere, piece(9), source, room);
    use(2);
  }

  @Test
  void shouldEndAllWithTheFirst() throws Exception {
    use(MAX);
    there.pieces().closeGate();
    List<PieceTransfer> transfers = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      transfers.add(fetch(toThere, piece(i), room));
    }
    toThere.close();
    for (PieceTransfer transfer : transfers) {
      assertThrows(ExecutionException.class, () -> await(transfer));
    }
    for (TestWorker worker : List.of(here, there)) {
      Eventually.await("told once", () -> worker.listener().closes().size() == 1);
      assertEquals(0, worker.channel().stats().count(ChannelCount.LANES_OPEN));
    }
    Eventually.await("nothing is left", () -> link.connections() == 0);
    there.pieces().openGate();
  }

  @Test
  void shouldNotReadAnyWhileNobodyListens() throws Exception {
    use(MAX);
    toThere.setReading(false);
    List<PieceTransfer> transfers = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      transfers.add(fetch(toThere, piece(i), room));
    }
    Eventually.await("all are asked for", () -> there.pieces().served().size() == 8);
    toThere.setReading(true);
    for (int i = 0; i < 8; i++) {
      check(await(transfers.get(i)), piece(i), source, room);
    }
  }

  @Test
  void shouldKeepToOneIfThatIsSet() throws Exception {
    TestWorker one = newWorker(settings("one").maxConnectionsPerPeer(1).build());
    PeerConnection peer = one.connect(link.address());
    ((NettyPeerConnection) peer).lanes().use(MAX, true);
    one.connect(there.channel().listen());
    assertEquals(1, ((NettyPeerConnection) peer).lanes().open());
  }

  @Test
  void shouldInviteNobodyWhoDoesNotKnowOfIt() throws Exception {
    InetSocketAddress address = there.channel().listen();
    try (RawPeer old = RawPeer.connect(address)) {
      old.sendHello();
      Eventually.await("it is a peer", () -> there.listener().peers().size() == 2);
      there.listener().peers().get(1).close();
      old.readAll(
          new FrameHandler() {
            @Override
            public void hello(Hello hello) {
              // It says what it can do, and no more.
            }

            @Override
            public void goodbye(CloseReason reason) {
              assertEquals(CloseReason.CLOSED_HERE, reason);
            }
          });
    }
  }

  @Test
  void shouldRefuseWhoIsNotInvited() throws Exception {
    InetSocketAddress address = there.channel().listen();
    try (RawPeer stranger = RawPeer.connect(address)) {
      stranger.sendHello(Hello.LANES | Hello.LANE);
      stranger.send(LaneFrames.join(RawPeer.BUFFERS, new byte[LaneFrames.TOKEN_BYTES]));
      assertGoodbye(stranger, CloseReason.UNEXPECTED_FRAME);
    }
    byte[] notTold = ((NettyPeerConnection) there.listener().peers().get(0)).lanes().invite();
    try (RawPeer other = RawPeer.connect(address)) {
      other.sendHello(Hello.LANES | Hello.LANE);
      other.send(LaneFrames.join(RawPeer.BUFFERS, notTold));
      assertGoodbye(other, CloseReason.UNEXPECTED_FRAME);
    }
    assertEquals(1, there.listener().peers().size());
    assertEquals(1, there.listener().lanes("here"));
  }

  private static void assertGoodbye(RawPeer peer, CloseReason expected) throws Exception {
    List<CloseReason> reasons = new ArrayList<>();
    peer.readAll(
        new FrameHandler() {
          @Override
          public void hello(Hello hello) {
            // As everybody does.
          }

          @Override
          public void goodbye(CloseReason reason) {
            reasons.add(reason);
          }
        });
    assertEquals(List.of(expected), reasons);
  }
}
