// SPDX-License-Identifier: Apache-2.0
package io.mows.it.bench;

import io.mows.channel.ChannelCount;
import io.mows.channel.ChannelSettings;
import io.mows.channel.DataChannel;
import io.mows.channel.PeerConnection;
import io.mows.channel.PieceAnswer;
import io.mows.channel.PieceRequest;
import io.mows.channel.PieceTransfer;
import io.mows.channel.memory.BlockFile;
import io.mows.channel.memory.BlockParts;
import io.mows.channel.rdma.RdmaChannelProvider;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32;

/** One round of {@link RdmaBench}, in the guest: prints the megabytes (10^6) a second. */
final class RdmaBenchRound {
  private static final int PIECE_BYTES = 4 << 20;
  private static final int WARM_UP_PIECES = 128;
  private static final int PIECES = 96;
  private static final int READS_UNDER_WAY = 4;

  /** The next ones wait at the peer, so that it always has one to grant. */
  private static final int OPEN_REQUESTS = 2 * READS_UNDER_WAY;

  private static final int TIMEOUT_MS = 60_000;

  private RdmaBenchRound() {}

  public static void main(String[] args) throws Exception {
    byte[] bytes = new byte[PIECE_BYTES];
    new Random(7).nextBytes(bytes);
    CRC32 crc = new CRC32();
    crc.update(bytes);
    Path dir = Path.of("/dev/shm");
    Path sourcePath = Files.createTempFile(dir, "source", "");
    Path targetPath = Files.createTempFile(dir, "target", "");
    try (BlockFile source = BlockFile.openForWrite(sourcePath, PIECE_BYTES);
        BlockFile target = BlockFile.openForWrite(targetPath, PIECE_BYTES)) {
      source.write(0, ByteBuffer.wrap(bytes));
      BlockParts sent = BlockParts.of(source, 0, PIECE_BYTES);
      BlockParts received = BlockParts.of(target, 0, PIECE_BYTES);
      PieceAnswer answer = PieceAnswer.of(sent, (int) crc.getValue(), ok -> {});
      try (DataChannel server = open("server", answer);
          DataChannel client = open("client", answer)) {
        PeerConnection peer = client.connect(server.listen()).get(10, TimeUnit.SECONDS);
        do {
          // Until RDMA is there, and the code is warm.
          fetch(peer, received, WARM_UP_PIECES);
        } while (client.stats().count(ChannelCount.RDMA_BYTES_RECEIVED) == 0);
        long before = client.stats().count(ChannelCount.RDMA_BYTES_RECEIVED);
        long startNs = System.nanoTime();
        fetch(peer, received, PIECES);
        double seconds = (System.nanoTime() - startNs) / 1e9;
        long moved = client.stats().count(ChannelCount.RDMA_BYTES_RECEIVED) - before;
        if (moved != (long) PIECES * PIECE_BYTES) {
          throw new IllegalStateException("Only " + moved + " bytes came by RDMA");
        }
        System.out.println(moved / 1e6 / seconds);
      }
    } finally {
      Files.delete(sourcePath);
      Files.delete(targetPath);
    }
  }

  private static DataChannel open(String name, PieceAnswer answer) throws Exception {
    return new RdmaChannelProvider()
        .open(
            ChannelSettings.builder(name)
                .bind("127.0.0.1", 0)
                .uploads(64, READS_UNDER_WAY, 256)
                .build(),
            (peer, request) -> CompletableFuture.completedFuture(answer),
            new ChannelBenchListener());
  }

  private static void fetch(PeerConnection peer, BlockParts target, int pieces) throws Exception {
    Deque<PieceTransfer> open = new ArrayDeque<>();
    for (int i = 0; i < pieces; i++) {
      if (open.size() == OPEN_REQUESTS) {
        open.remove().completion().get(TIMEOUT_MS, TimeUnit.MILLISECONDS);
      }
      PieceRequest request = new PieceRequest(1, 0, 0, PIECE_BYTES, false);
      open.add(peer.request(request, target::write, TIMEOUT_MS));
    }
    while (!open.isEmpty()) {
      open.remove().completion().get(TIMEOUT_MS, TimeUnit.MILLISECONDS);
    }
  }
}
