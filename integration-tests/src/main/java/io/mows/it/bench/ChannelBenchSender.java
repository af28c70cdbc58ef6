// SPDX-License-Identifier: Apache-2.0
package io.mows.it.bench;

import io.mows.channel.ChannelChoice;
import io.mows.channel.ChannelSettings;
import io.mows.channel.DataChannel;
import io.mows.channel.DataChannels;
import io.mows.channel.PieceAnswer;
import io.mows.channel.PieceRequest;
import io.mows.channel.memory.BlockFile;
import io.mows.channel.memory.BlockParts;
import io.mows.channel.security.TlsFiles;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.zip.CRC32;

/**
 * The sending process of {@link ChannelBench}: serves one file over a bare socket and over the data
 * channel until its standard input ends.
 */
final class ChannelBenchSender {
  private ChannelBenchSender() {}

  /**
   * Arguments: the file, and where the certificate is. Prints the ports of the bare socket, of the
   * data channel, and of the one with TLS.
   */
  public static void main(String[] args) throws Exception {
    Path file = Path.of(args[0]);
    InetAddress loopback = InetAddress.getLoopbackAddress();
    try (BlockFile block = BlockFile.openForRead(file);
        ServerSocketChannel bare =
            ServerSocketChannel.open().bind(new InetSocketAddress(loopback, 0));
        DataChannel channel = open(block, null);
        DataChannel tls = open(block, ChannelBenchCertificate.in(Path.of(args[1])))) {
      startBare(() -> serveBare(bare, file));
      System.out.println(
          bare.socket().getLocalPort()
              + " "
              + channel.listen().getPort()
              + " "
              + tls.listen().getPort());
      while (System.in.read() >= 0) {
        // Until the parent ends.
      }
    }
  }

  private static DataChannel open(BlockFile block, TlsFiles tls) throws IOException {
    String loopback = InetAddress.getLoopbackAddress().getHostAddress();
    return DataChannels.load()
        .choose(ChannelChoice.TCP)
        .open(
            ChannelSettings.builder("sender").bind(loopback, 0).tls(tls).build(),
            (peer, request) -> CompletableFuture.completedFuture(answer(block, request)),
            new ChannelBenchListener());
  }

  private static PieceAnswer answer(BlockFile block, PieceRequest request) {
    long position = (long) request.piece() * ChannelBenchChannelWay.PIECE_BYTES;
    BlockParts bytes = BlockParts.of(block, position, request.lengthBytes());
    return PieceAnswer.of(bytes, Checksums.of(bytes, request.piece()), sent -> {});
  }

  private static void startBare(Runnable serving) {
    Thread thread = new Thread(serving, "bench-bare");
    thread.setDaemon(true);
    thread.start();
  }

  private static void serveBare(ServerSocketChannel server, Path file) {
    try {
      while (true) {
        SocketChannel socket = server.accept();
        startBare(() -> sendBare(socket, file));
      }
    } catch (ClosedChannelException e) {
      // The process is about to end.
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Sends the part that the other side asks for. */
  private static void sendBare(SocketChannel opened, Path file) {
    try (SocketChannel socket = opened;
        FileChannel source = FileChannel.open(file, StandardOpenOption.READ)) {
      ByteBuffer part = ByteBuffer.allocate(2 * Long.BYTES);
      while (part.hasRemaining()) {
        if (socket.read(part) < 0) {
          throw new EOFException("No part was asked for");
        }
      }
      long at = part.flip().getLong();
      long end = part.getLong();
      while (at < end) {
        at += source.transferTo(at, end - at, socket);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A worker knows the CRC32 of what it has, so it is computed once, when a piece is new. */
  private static final class Checksums {
    private static final Map<Integer, Integer> KNOWN = new ConcurrentHashMap<>();

    private Checksums() {}

    static int of(BlockParts bytes, int piece) {
      return KNOWN.computeIfAbsent(piece, p -> compute(bytes));
    }

    private static int compute(BlockParts bytes) {
      ByteBuffer buffer = ByteBuffer.allocateDirect(bytes.lengthBytes());
      try {
        bytes.read(0, buffer);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      CRC32 crc = new CRC32();
      crc.update(buffer.flip());
      return (int) crc.getValue();
    }
  }
}
