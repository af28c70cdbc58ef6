// SPDX-License-Identifier: Apache-2.0
package io.mows.channel.testing;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.mows.channel.ChannelSettings;
import io.mows.channel.DataChannelProvider;
import io.mows.channel.PeerConnection;
import io.mows.channel.PieceReceipt;
import io.mows.channel.PieceRequest;
import io.mows.channel.PieceTransfer;
import io.mows.channel.Remedy;
import io.mows.channel.TransferException;
import io.mows.channel.netty.NettyInternals;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

/**
 * What every data channel must do, whatever it runs on. The tests are in the subclasses of this
 * class, by subject; a provider's own test extends {@link DataChannelContractTests}.
 *
 * <p>After each test all workers are closed, and no answer, no buffer and no thread may be left.
 */
public abstract class DataChannelContract {
  protected static final long FILE = 77;
  protected static final int TIMEOUT_MS = 60_000;

  /** The length of a piece in the tests of the contract. */
  protected static final int PIECE = 256 << 10;

  @TempDir protected Path dir;

  private final List<TestWorker> workers = new ArrayList<>();
  private final List<AutoCloseable> others = new ArrayList<>();

  protected abstract DataChannelProvider provider();

  /** What is special about this provider's settings, such as a secret; the port to listen on. */
  protected abstract ChannelSettings.Builder adapt(ChannelSettings.Builder settings)
      throws Exception;

  /** A bad network in front of {@code target}. */
  protected abstract FaultyLink linkTo(InetSocketAddress target);

  /** Waits until a peer that was dialled can do all that it ever can. */
  protected void ready(PeerConnection peer) {}

  /** Lets the connection break while a piece of {@code 4 * PIECE} bytes is on its way. */
  protected void breakInTheMiddle(FaultyLink link) {
    link.disconnectAfter(2 * PIECE);
  }

  protected ChannelSettings.Builder settings(String peerId) throws Exception {
    return adapt(ChannelSettings.builder(peerId).ioThreads(2));
  }

  protected TestWorker newWorker(ChannelSettings settings) throws Exception {
    TestWorker worker = new TestWorker(provider(), settings, this::ready);
    workers.add(worker);
    return worker;
  }

  protected TestWorker newWorker(String peerId) throws Exception {
    return newWorker(settings(peerId).build());
  }

  protected FaultyLink newLink(InetSocketAddress target) {
    FaultyLink link = linkTo(target);
    others.add(link);
    return link;
  }

  protected TestFile newFile(int lengthBytes, int pieceBytes, int blockBytes) throws Exception {
    TestFile file = TestFile.random(dir, FILE, lengthBytes, pieceBytes, blockBytes);
    others.add(file);
    return file;
  }

  protected TestFile roomFor(TestFile file, int blockBytes) throws Exception {
    TestFile room = TestFile.roomFor(dir, file, blockBytes);
    others.add(room);
    return room;
  }

  protected static PieceTransfer fetch(PeerConnection peer, PieceRequest request, TestFile room) {
    return peer.request(request, room.parts(request)::write, TIMEOUT_MS);
  }

  protected static PieceReceipt await(PieceTransfer transfer) throws Exception {
    return transfer.completion().get(TIMEOUT_MS, TimeUnit.MILLISECONDS);
  }

  /** Fetches a piece and compares all that can be compared. */
  protected static void fetchAndCheck(
      PeerConnection peer, PieceRequest request, TestFile source, TestFile room) throws Exception {
    check(await(fetch(peer, request, room)), request, source, room);
  }

  protected static void check(
      PieceReceipt receipt, PieceRequest request, TestFile source, TestFile room) {
    assertEquals(request.lengthBytes(), receipt.lengthBytes());
    assertEquals(source.crc32(request), receipt.crc32());
    assertArrayEquals(source.expected(request), room.stored(request), () -> request + " differs");
  }

  protected static <T extends TransferException> T failureOf(
      PieceTransfer transfer, Class<T> type, Remedy remedy) {
    ExecutionException failure = assertThrows(ExecutionException.class, () -> await(transfer));
    if (!type.isInstance(failure.getCause())) {
      throw new AssertionError("Not a " + type.getSimpleName(), failure.getCause());
    }
    T cause = type.cast(failure.getCause());
    assertEquals(remedy, cause.remedy(), cause::getMessage);
    return cause;
  }

  /** Whether no thread but the channel's own frees its buffers; if not they cannot be counted. */
  protected boolean freesItsBuffers() {
    return true;
  }

  @AfterAll
  static void findLeaks() {
    LeakRecorder.assertNoLeaks();
  }

  /** All of them, also if one fails: what is left open would fail every test that comes after. */
  private void closeAll() throws Exception {
    List<AutoCloseable> all = new ArrayList<>(workers);
    all.addAll(others);
    Exception failure = null;
    for (AutoCloseable each : all) {
      try {
        each.close();
      } catch (Exception e) {
        failure = e;
      }
    }
    if (failure != null) {
      throw failure;
    }
  }

  @AfterEach
  void leaveNothingBehind() throws Exception {
    closeAll();
    for (TestWorker worker : workers) {
      assertEquals(0, worker.pieces().inUse(), "answers that were not released");
      Eventually.await(
          "all buffers are freed",
          () -> !freesItsBuffers() || NettyInternals.buffersInUse(worker.channel()) == 0);
      assertEquals(List.of(), worker.listener().peers(), "peers that were not disconnected");
    }
    Eventually.await(
        "the channel's threads have ended",
        () ->
            Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .noneMatch(
                    name -> name.startsWith("mows-channel") || name.startsWith("mows-rdma")));
  }
}
