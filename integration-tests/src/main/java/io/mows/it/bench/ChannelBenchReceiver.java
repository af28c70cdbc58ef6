// SPDX-License-Identifier: Apache-2.0
package io.mows.it.bench;

import io.mows.channel.ChannelChoice;
import io.mows.channel.ChannelSettings;
import io.mows.channel.DataChannel;
import io.mows.channel.DataChannels;
import io.mows.channel.PeerConnection;
import io.mows.channel.PieceAnswer;
import io.mows.channel.PieceReceipt;
import io.mows.channel.PieceRequest;
import io.mows.channel.RefusalReason;
import io.mows.channel.memory.BlockFile;
import io.mows.channel.memory.BlockParts;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** The receiving side of {@link ChannelBench}: fills a new file in each round. */
final class ChannelBenchReceiver {
  static final int PIECE_BYTES = 4 << 20;

  private static final int REQUESTS_AHEAD = 8;
  private static final int BUFFER_BYTES = 256 << 10;
  private static final int TIMEOUT_MS = 60_000;

  private final ChannelBenchSender.Remote sender;
  private final Path target;
  private final long lengthBytes;
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);

  ChannelBenchReceiver(ChannelBenchSender.Remote sender, Path dir, long lengthBytes) {
    this.sender = sender;
    this.target = dir.resolve("target");
    this.lengthBytes = lengthBytes;
  }

  ChannelBenchRound receive(ChannelBenchMode mode) throws Exception {
    Files.deleteIfExists(target);
    Files.createFile(target);
    try (BlockFile file = BlockFile.openForWrite(target, lengthBytes)) {
      switch (mode) {
        case DROP:
          return receiveBare(null);
        case STORE:
          return receiveBare(file);
        case CHANNEL:
          return receiveByChannel(file);
      }
      throw new AssertionError(mode);
    }
  }

  /**
   * @param file null to drop the bytes
   */
  private ChannelBenchRound receiveBare(BlockFile file) throws IOException {
    Stopwatch watch = new Stopwatch();
    try (SocketChannel socket = SocketChannel.open(sender.bareAddress())) {
      long at = 0;
      while (at < lengthBytes) {
        buffer.clear();
        int count = socket.read(buffer);
        if (count < 0) {
          throw new EOFException("The sender closed after " + at + " bytes");
        }
        if (file != null) {
          file.write(at, buffer.flip());
        }
        at += count;
      }
    }
    return watch.stop();
  }

  private ChannelBenchRound receiveByChannel(BlockFile file) throws Exception {
    ChannelSettings settings = ChannelSettings.builder("receiver").build();
    try (DataChannel channel =
        DataChannels.load()
            .choose(ChannelChoice.TCP)
            .open(
                settings,
                (peer, request) ->
                    CompletableFuture.completedFuture(PieceAnswer.refuse(RefusalReason.UNKNOWN)),
                new ChannelBenchListener())) {
      PeerConnection peer =
          channel.connect(sender.channelAddress()).get(TIMEOUT_MS, TimeUnit.MILLISECONDS);
      Stopwatch watch = new Stopwatch();
      Deque<CompletableFuture<PieceReceipt>> ahead = new ArrayDeque<>();
      int pieces = (int) ((lengthBytes + PIECE_BYTES - 1) / PIECE_BYTES);
      for (int piece = 0; piece < pieces; piece++) {
        if (ahead.size() == REQUESTS_AHEAD) {
          ahead.remove().get(TIMEOUT_MS, TimeUnit.MILLISECONDS);
        }
        ahead.add(request(peer, file, piece));
      }
      for (CompletableFuture<PieceReceipt> last : ahead) {
        last.get(TIMEOUT_MS, TimeUnit.MILLISECONDS);
      }
      return watch.stop();
    }
  }

  private CompletableFuture<PieceReceipt> request(PeerConnection peer, BlockFile file, int piece) {
    long position = (long) piece * PIECE_BYTES;
    int length = (int) Math.min(PIECE_BYTES, lengthBytes - position);
    return peer.request(
            new PieceRequest(1, piece, 0, length, false),
            BlockParts.of(file, position, length)::write,
            TIMEOUT_MS)
        .completion();
  }

  /** Time and processor time of both processes. */
  private final class Stopwatch {
    private final long startNs = System.nanoTime();
    private final Duration senderBefore = sender.cpu();
    private final Duration receiverBefore = ownCpu();

    ChannelBenchRound stop() {
      Duration elapsed = Duration.ofNanos(System.nanoTime() - startNs);
      return new ChannelBenchRound(
          elapsed, sender.cpu().minus(senderBefore), ownCpu().minus(receiverBefore));
    }

    private Duration ownCpu() {
      return ProcessHandle.current().info().totalCpuDuration().orElseThrow();
    }
  }
}
