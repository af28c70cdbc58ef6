// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch.engine;

import io.mows.channel.ChannelChoice;
import io.mows.channel.ChannelSettings;
import io.mows.channel.DataChannels;
import io.mows.channel.PieceAnswer;
import io.mows.channel.PieceRequest;
import io.mows.channel.RefusalReason;
import io.mows.channel.memory.BlockFile;
import io.mows.channel.memory.BlockParts;
import io.mows.p2p.fetch.FileSpec;
import io.mows.p2p.locator.Coverage;
import io.mows.p2p.locator.FileInfo;
import io.mows.p2p.locator.PeerInfo;
import io.mows.p2p.locator.client.LocatorClient;
import io.mows.p2p.peer.HostResolver;
import io.mows.p2p.peer.PeerEvents;
import io.mows.p2p.peer.PeerNetwork;
import io.mows.p2p.piece.PieceBits;
import io.mows.p2p.swarm.SwarmNode.Cause;
import io.mows.p2p.swarm.message.SwarmMember.Role;
import io.mows.p2p.swarm.message.SwarmMessage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32;

/** Says that it has all pieces of its files, and sends whatever the test wants instead. */
final class LyingPeer implements PeerEvents, AutoCloseable {
  private final LocatorClient locator;
  private final PeerNetwork network;
  private final Lies lies;
  private final Path directory;
  private final Map<Long, FileSpec> files = new ConcurrentHashMap<>();
  private final Set<Long> peers = ConcurrentHashMap.newKeySet();
  private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor();
  private int offered;
  private int names;

  /** What it sends. */
  interface Lies {
    /** The bytes for a request and the CRC32 to announce; empty to refuse. */
    Optional<Lie> of(FileSpec file, int piece);
  }

  /** Bytes and what is said of them. */
  static final class Lie {
    private final ByteBuffer bytes;
    private final int crc32;

    Lie(ByteBuffer bytes, int crc32) {
      this.bytes = bytes;
      this.crc32 = crc32;
    }

    /** Wrong bytes with the CRC32 that they have. */
    static Lie consistent(ByteBuffer bytes) {
      return new Lie(bytes, crc(bytes));
    }

    static int crc(ByteBuffer bytes) {
      CRC32 crc = new CRC32();
      crc.update(bytes.duplicate());
      return (int) crc.getValue();
    }
  }

  LyingPeer(
      PeerInfo self, LocatorClient locator, ChannelSettings settings, Path directory, Lies lies)
      throws IOException {
    this.locator = locator;
    this.lies = lies;
    this.directory = directory;
    this.network =
        new PeerNetwork(
            self,
            System.currentTimeMillis(),
            DataChannels.load().choose(ChannelChoice.TCP),
            settings,
            this::run,
            this,
            HostResolver.SYSTEM,
            System::nanoTime);
    network.listen();
    thread.scheduleWithFixedDelay(this::insist, 5, 5, TimeUnit.MILLISECONDS);
  }

  private boolean run(Runnable task) {
    try {
      thread.execute(task);
      return true;
    } catch (RejectedExecutionException e) {
      return false;
    }
  }

  /** Has all of {@code file}, it says, and of no other one. */
  void claim(FileSpec file) {
    files.keySet().forEach(locator::withdraw);
    files.clear();
    files.put(file.fileId(), file);
    FileInfo info = new FileInfo(file.fileId(), file.path(), file.layout().lengthBytes());
    locator.announce(info, Coverage.of(1, 1, false));
  }

  @Override
  public void lanes(long peerId, int count) {
    // It makes nothing of it.
  }

  @Override
  public void connected(long peerId, Role role, boolean incoming, boolean important) {
    peers.add(peerId);
  }

  /** Says again and again what it has. */
  private void insist() {
    for (FileSpec file : files.values()) {
      for (long peerId : peers) {
        sendMap(peerId, file);
        for (int i = 0; i < 4; i++) {
          int piece = offered++ % file.layout().pieceCount();
          network.send(peerId, new SwarmMessage.Offer(file.fileId(), piece));
        }
      }
    }
  }

  private void sendMap(long peerId, FileSpec file) {
    PieceBits all = new PieceBits(file.layout().pieceCount());
    all.setAll();
    PieceBits none = new PieceBits(file.layout().pieceCount());
    network.send(peerId, new SwarmMessage.Bitfield(file.fileId(), all, none, all.copy(), 0, false));
  }

  @Override
  public void disconnected(long peerId, Cause cause) {
    peers.remove(peerId);
  }

  @Override
  public int pieceCount(long fileId) {
    return -1;
  }

  @Override
  public void received(long peerId, SwarmMessage message) {
    // It has its own idea of what goes on.
  }

  @Override
  public void requested(long peerId, PieceRequest request, CompletableFuture<PieceAnswer> answer) {
    FileSpec file = files.get(request.fileId());
    Optional<Lie> lie = file == null ? Optional.empty() : lies.of(file, request.piece());
    if (lie.isEmpty()) {
      answer.complete(PieceAnswer.refuse(RefusalReason.GONE));
      return;
    }
    try {
      Path path = directory.resolve("lie-" + names++);
      byte[] bytes = new byte[lie.get().bytes.remaining()];
      lie.get().bytes.duplicate().get(bytes);
      Files.write(path, bytes);
      BlockFile block = BlockFile.openForRead(path);
      answer.complete(
          PieceAnswer.of(
              BlockParts.of(block, 0, bytes.length), lie.get().crc32, sent -> close(block, path)));
    } catch (IOException e) {
      answer.complete(PieceAnswer.refuse(RefusalReason.GONE));
    }
  }

  private static void close(BlockFile block, Path path) {
    try {
      block.close();
      Files.delete(path);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    locator.close();
    network.close();
    thread.shutdown();
  }
}
