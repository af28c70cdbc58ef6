// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.peer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.mows.channel.Availability;
import io.mows.channel.ChannelSettings;
import io.mows.channel.ChannelStats;
import io.mows.channel.CloseReason;
import io.mows.channel.DataChannel;
import io.mows.channel.DataChannelProvider;
import io.mows.channel.PeerConnection;
import io.mows.channel.PeerListener;
import io.mows.channel.PieceAnswer;
import io.mows.channel.PieceReceiver;
import io.mows.channel.PieceRequest;
import io.mows.channel.PieceServer;
import io.mows.channel.PieceTransfer;
import io.mows.p2p.locator.PeerInfo;
import io.mows.p2p.locator.PeerRole;
import io.mows.p2p.swarm.SwarmNode.Cause;
import io.mows.p2p.swarm.message.SwarmMember.Role;
import io.mows.p2p.swarm.message.SwarmMessage;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** With a channel that does nothing by itself: the test says what comes in which order. */
final class PeerNetworkTest {
  private static final PeerInfo SELF = peer("self");
  private static final PeerInfo OTHER = peer("other");
  private static final long FILE = 7;
  private static final long LATER_NS = TimeUnit.SECONDS.toNanos(6);

  private final Queue<Runnable> engine = new ArrayDeque<>();
  private final FakeChannel channel = new FakeChannel();
  private final Heard heard = new Heard();
  private PeerNetwork network;
  private long nowNs;

  private static PeerInfo peer(String id) {
    return new PeerInfo(id, "127.0.0.1:29991", "chat", PeerRole.INSTANCE);
  }

  @BeforeEach
  void open() throws IOException {
    ChannelSettings settings = ChannelSettings.builder(SELF.id()).build();
    network =
        new PeerNetwork(
            SELF, 1, channel, settings, engine::add, heard, HostResolver.SYSTEM, () -> nowNs);
    network.know(OTHER);
  }

  private void runEngine() {
    for (Runnable task = engine.poll(); task != null; task = engine.poll()) {
      task.run();
    }
  }

  private void sweepLater() {
    nowNs += LATER_NS;
    network.sweep();
    runEngine();
  }

  /** The dial succeeds, and the engine has yet to hear of it. */
  private void dial(PeerInfo peer, FakeConnection connection) {
    network.connect(peer.idHash(), false);
    channel.listener.connected(connection);
    channel.dialled.complete(connection);
  }

  private void greets(FakeConnection connection) {
    greets(connection, 7);
  }

  /**
   * @param session another one after a restart of the peer
   */
  private void greets(FakeConnection connection, long session) {
    Greeting greeting = new Greeting("chat", PeerRole.INSTANCE, session, false);
    channel.listener.received(connection, PeerEncoder.encode(greeting));
  }

  /** Whoever dials learns that it succeeded on its own thread, the greeting comes on another. */
  @Test
  void shouldKeepAPeerThatGreetsBeforeTheDialIsKnownToHaveSucceeded() {
    FakeConnection connection = new FakeConnection(true);
    network.connect(OTHER.idHash(), false);
    channel.listener.connected(connection);
    greets(connection);
    channel.dialled.complete(connection);
    runEngine();
    assertEquals(List.of("connected"), heard.events);

    sweepLater();
    assertTrue(connection.isOpen(), "open");
    assertEquals(List.of("connected"), heard.events);
  }

  @Test
  void shouldKeepAPeerThatGreetsAfterTheDial() {
    FakeConnection connection = new FakeConnection(true);
    dial(OTHER, connection);
    greets(connection);
    runEngine();

    sweepLater();
    assertTrue(connection.isOpen(), "open");
    assertEquals(List.of("connected"), heard.events);
  }

  @Test
  void shouldTakeAPeerThatNeverGreetsForLost() {
    FakeConnection connection = new FakeConnection(true);
    dial(OTHER, connection);
    runEngine();
    assertEquals(List.of(), heard.events);

    sweepLater();
    assertFalse(connection.isOpen(), "open");
    assertEquals(List.of("disconnected LOST"), heard.events);
  }

  @Test
  void shouldCloseAStrangerThatDialledAndNeverGreets() {
    FakeConnection connection = new FakeConnection(false);
    channel.listener.connected(connection);
    runEngine();

    sweepLater();
    assertFalse(connection.isOpen(), "open");
    assertEquals(List.of(), heard.events);
  }

  @Test
  void shouldKeepOneOfTwoConnectionsThatWereDialledAtOnce() {
    FakeConnection ours = new FakeConnection(true);
    FakeConnection theirs = new FakeConnection(false);
    network.connect(OTHER.idHash(), false);
    channel.listener.connected(theirs);
    channel.listener.connected(ours);
    greets(theirs);
    greets(ours);
    channel.dialled.complete(ours);
    runEngine();

    sweepLater();
    boolean weAreSmaller = Long.compareUnsigned(SELF.idHash(), OTHER.idHash()) < 0;
    assertEquals(weAreSmaller, ours.isOpen(), "ours is open");
    assertEquals(!weAreSmaller, theirs.isOpen(), "theirs is open");
    List<String> events = weAreSmaller ? List.of("connected", "lanes 1") : List.of("connected");
    assertEquals(events, heard.events, "ours came second");
  }

  /** As the dial that says where a worker is reached: it is closed as soon as it stands. */
  @Test
  void shouldNotTakeAPeerForLostThatDialledAndIsGone() {
    FakeConnection theirs = new FakeConnection(false);
    channel.listener.connected(theirs);
    theirs.close();
    runEngine();
    assertEquals(List.of(), heard.events);
  }

  @Test
  void shouldTakeAPeerForLostThatIsGoneWhenTheDialIsKnownToHaveSucceeded() {
    FakeConnection ours = new FakeConnection(true);
    dial(OTHER, ours);
    ours.close();
    runEngine();
    assertEquals(List.of("disconnected LOST"), heard.events);
  }

  /** The peer keeps the one that it has dialled, and its greeting on that comes later. */
  @Test
  void shouldNotTakeAPeerForLostWhoseOwnConnectionStands() {
    FakeConnection ours = new FakeConnection(true);
    FakeConnection theirs = new FakeConnection(false);
    dial(OTHER, ours);
    channel.listener.connected(theirs);
    runEngine();
    ours.close();
    runEngine();
    assertEquals(List.of(), heard.events);

    greets(theirs);
    runEngine();
    assertEquals(List.of("connected"), heard.events);
  }

  @Test
  void shouldTakeAPeerForLostIfItsOwnConnectionEndsAsWell() {
    FakeConnection ours = new FakeConnection(true);
    FakeConnection theirs = new FakeConnection(false);
    dial(OTHER, ours);
    channel.listener.connected(theirs);
    runEngine();
    ours.close();
    theirs.close();
    runEngine();
    assertEquals(List.of("disconnected LOST"), heard.events);
  }

  @Test
  void shouldTakeAPeerForLostIfAnotherOneAnswersWhereItWas() {
    PeerInfo moved = peer("moved");
    network.know(moved);
    FakeConnection ours = new FakeConnection(true);
    dial(moved, ours);
    greets(ours);
    runEngine();
    assertEquals(List.of("connected", "disconnected LOST"), heard.events);
    assertTrue(ours.isOpen(), "it is a link with the other one");
  }

  @Test
  void shouldTellThatThereIsOneConnectionAgainWhenItIsReplaced() {
    FakeConnection old = new FakeConnection(false);
    channel.listener.connected(old);
    greets(old, 7);
    channel.listener.lanes(old, 8);
    runEngine();
    FakeConnection afterRestart = new FakeConnection(false);
    channel.listener.connected(afterRestart);
    greets(afterRestart, 8);
    runEngine();
    assertEquals(List.of("connected", "lanes 8", "lanes 1"), heard.events);
    assertFalse(old.isOpen(), "open");

    channel.listener.lanes(old, 7);
    channel.listener.lanes(afterRestart, 2);
    runEngine();
    assertEquals(List.of("connected", "lanes 8", "lanes 1", "lanes 2"), heard.events);
  }

  /** Of a file with as many pieces as any can have: 21 bytes. */
  private static ByteBuffer hugeMap() {
    return ByteBuffer.allocate(21)
        .put((byte) 3)
        .putLong(FILE)
        .putInt(PeerKinds.MAX_PIECES)
        .putInt(0)
        .put(new byte[4])
        .flip();
  }

  private static long allocatedBytes() {
    return ((ThreadMXBean) ManagementFactory.getThreadMXBean())
        .getThreadAllocatedBytes(Thread.currentThread().getId());
  }

  @Test
  void shouldHoldLittleOfWhatAPeerSaysBeforeAndAfterItsGreeting() {
    FakeConnection connection = new FakeConnection(false);
    channel.listener.connected(connection);
    long before = allocatedBytes();
    for (int i = 0; i < 1_000; i++) {
      channel.listener.received(connection, hugeMap());
    }
    assertEquals(1, engine.size(), "what comes before the greeting is not even kept");
    greets(connection);
    for (int i = 0; i < 1_000; i++) {
      channel.listener.received(connection, hugeMap());
    }
    runEngine();
    long allocated = allocatedBytes() - before;
    assertTrue(allocated < 10 << 20, allocated + " bytes");
    assertEquals(List.of("connected"), heard.events, "there is no such file");
  }

  @Test
  void shouldNotReadAConnectionOfWhichTooMuchIsUnhandled() {
    FakeConnection connection = new FakeConnection(false);
    channel.listener.connected(connection);
    greets(connection);
    runEngine();
    heard.pieces = PeerKinds.MAX_PIECES;
    for (int i = 0; i < 255; i++) {
      channel.listener.received(connection, hugeMap());
    }
    assertTrue(connection.reading);
    PieceRequest request = new PieceRequest(FILE, 0, 0, 10, false);
    channel.server.serve(connection, request);
    assertFalse(connection.reading, "requests count as well");
    for (int i = 0; i < 100; i++) {
      engine.remove().run();
    }
    assertFalse(connection.reading);
    runEngine();
    assertTrue(connection.reading);
    assertEquals(257, heard.events.size());
  }

  @Test
  void shouldNotReadAConnectionOfWhichTooManyBytesAreUnhandled() {
    FakeConnection connection = new FakeConnection(false);
    channel.listener.connected(connection);
    greets(connection);
    runEngine();
    ByteBuffer rumour = ByteBuffer.allocate((1 << 20) + 1).put((byte) 5).rewind();
    channel.listener.received(connection, rumour);
    assertFalse(connection.reading);
    runEngine();
    assertTrue(connection.reading);
  }

  private static final class Heard implements PeerEvents {
    private final List<String> events = new ArrayList<>();
    private int pieces = -1;

    @Override
    public int pieceCount(long fileId) {
      return pieces;
    }

    @Override
    public void connected(long peerId, Role role, boolean incoming, boolean important) {
      events.add("connected");
    }

    @Override
    public void lanes(long peerId, int count) {
      events.add("lanes " + count);
    }

    @Override
    public void disconnected(long peerId, Cause cause) {
      events.add("disconnected " + cause);
    }

    @Override
    public void received(long peerId, SwarmMessage message) {
      events.add("received");
    }

    @Override
    public void requested(
        long peerId, PieceRequest request, CompletableFuture<PieceAnswer> answer) {
      events.add("requested");
    }
  }

  private final class FakeConnection implements PeerConnection {
    private final boolean outgoing;
    private boolean open = true;
    private boolean reading = true;

    FakeConnection(boolean outgoing) {
      this.outgoing = outgoing;
    }

    @Override
    public String peerId() {
      return OTHER.id();
    }

    @Override
    public InetSocketAddress remoteAddress() {
      return InetSocketAddress.createUnresolved("localhost", 29991);
    }

    @Override
    public boolean isOutgoing() {
      return outgoing;
    }

    @Override
    public boolean isOpen() {
      return open;
    }

    @Override
    public void send(ByteBuffer message) {}

    @Override
    public void setReading(boolean reads) {
      reading = reads;
    }

    @Override
    public PieceTransfer request(PieceRequest request, PieceReceiver receiver, long timeoutMs) {
      throw new UnsupportedOperationException();
    }

    @Override
    public long silentNs() {
      return 0;
    }

    @Override
    public void ping() {}

    @Override
    public void close() {
      if (open) {
        open = false;
        channel.listener.disconnected(this, CloseReason.CLOSED_HERE, "closed by the test");
      }
    }
  }

  private static final class FakeChannel implements DataChannelProvider, DataChannel {
    private final CompletableFuture<PeerConnection> dialled = new CompletableFuture<>();
    private PeerListener listener;
    private PieceServer server;

    @Override
    public String name() {
      return "fake";
    }

    @Override
    public Availability availability() {
      return Availability.yes("always");
    }

    @Override
    public int priority() {
      return 0;
    }

    @Override
    public DataChannel open(ChannelSettings settings, PieceServer pieces, PeerListener events) {
      listener = events;
      server = pieces;
      return this;
    }

    @Override
    public InetSocketAddress listen() {
      return InetSocketAddress.createUnresolved("localhost", 29991);
    }

    @Override
    public CompletableFuture<PeerConnection> connect(InetSocketAddress address) {
      return dialled;
    }

    @Override
    public ChannelStats stats() {
      return new ChannelStats(Map.of(), Map.of(), Map.of(), Set.of());
    }

    @Override
    public void close() {}
  }
}
