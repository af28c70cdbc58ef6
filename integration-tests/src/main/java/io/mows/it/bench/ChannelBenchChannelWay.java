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
import io.mows.channel.security.TlsFiles;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * By the data channel, on so many connections. Each is made as the first with a peer is: whether
 * more than one helps is what a channel finds out by trying, and here it is to be measured.
 */
final class ChannelBenchChannelWay implements ChannelBenchWay {
  static final int PIECE_BYTES = 4 << 20;

  private static final int REQUESTS_AHEAD = 8;
  private static final int TIMEOUT_MS = 60_000;

  private final ChannelBenchRemote sender;
  private final DataChannel channel;
  private final List<PeerConnection> peers = new ArrayList<>();

  /**
   * @param tls null for no TLS
   */
  ChannelBenchChannelWay(
      ChannelBenchRemote sender, InetSocketAddress address, int connections, TlsFiles tls)
      throws Exception {
    this.sender = sender;
    this.channel =
        DataChannels.load()
            .choose(ChannelChoice.TCP)
            .open(
                ChannelSettings.builder("receiver").maxConnectionsPerPeer(1).tls(tls).build(),
                (asking, request) ->
                    CompletableFuture.completedFuture(PieceAnswer.refuse(RefusalReason.UNKNOWN)),
                new ChannelBenchListener());
    for (int i = 0; i < connections; i++) {
      peers.add(channel.connect(address).get(TIMEOUT_MS, TimeUnit.MILLISECONDS));
    }
  }

  @Override
  public ProcessHandle sender() {
    return sender.handle();
  }

  @Override
  public void receive(BlockFile target) throws Exception {
    Deque<CompletableFuture<PieceReceipt>> ahead = new ArrayDeque<>();
    int pieces = (int) ((target.lengthBytes() + PIECE_BYTES - 1) / PIECE_BYTES);
    for (int piece = 0; piece < pieces; piece++) {
      if (ahead.size() == REQUESTS_AHEAD * peers.size()) {
        ahead.remove().get(TIMEOUT_MS, TimeUnit.MILLISECONDS);
      }
      ahead.add(request(target, piece));
    }
    for (CompletableFuture<PieceReceipt> last : ahead) {
      last.get(TIMEOUT_MS, TimeUnit.MILLISECONDS);
    }
  }

  private CompletableFuture<PieceReceipt> request(BlockFile target, int piece) {
    long position = (long) piece * PIECE_BYTES;
    int length = (int) Math.min(PIECE_BYTES, target.lengthBytes() - position);
    return peers
        .get(piece % peers.size())
        .request(
            new PieceRequest(1, piece, 0, length, false),
            BlockParts.of(target, position, length)::write,
            TIMEOUT_MS)
        .completion();
  }

  @Override
  public void close() {
    channel.close();
  }
}
