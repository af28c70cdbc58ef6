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
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
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

  /** Arguments: the file. Prints the port of the bare socket and that of the data channel. */
  public static void main(String[] args) throws Exception {
    Path file = Path.of(args[0]);
    InetAddress loopback = InetAddress.getLoopbackAddress();
    try (BlockFile block = BlockFile.openForRead(file);
        ServerSocketChannel bare =
            ServerSocketChannel.open().bind(new InetSocketAddress(loopback, 0));
        DataChannel channel =
            DataChannels.load()
                .choose(ChannelChoice.TCP)
                .open(
                    ChannelSettings.builder("sender").bind(loopback.getHostAddress(), 0).build(),
                    (peer, request) -> CompletableFuture.completedFuture(answer(block, request)),
                    new ChannelBenchListener())) {
      int channelPort = channel.listen().getPort();
      Thread thread = new Thread(() -> serveBare(bare, file), "bench-bare");
      thread.setDaemon(true);
      thread.start();
      System.out.println(bare.socket().getLocalPort() + " " + channelPort);
      while (System.in.read() >= 0) {
        // Until the parent ends.
      }
    }
  }

  private static PieceAnswer answer(BlockFile block, PieceRequest request) {
    long position = (long) request.piece() * ChannelBenchChannelWay.PIECE_BYTES;
    BlockParts bytes = BlockParts.of(block, position, request.lengthBytes());
    return PieceAnswer.of(bytes, Checksums.of(bytes, request.piece()), sent -> {});
  }

  private static void serveBare(ServerSocketChannel server, Path file) {
    try (FileChannel source = FileChannel.open(file, StandardOpenOption.READ)) {
      while (true) {
        try (SocketChannel socket = server.accept()) {
          long at = 0;
          while (at < source.size()) {
            at += source.transferTo(at, source.size() - at, socket);
          }
        }
      }
    } catch (ClosedChannelException e) {
      // The process is about to end.
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Starts this class in a process of its own. */
  static Remote start(Path file) throws IOException {
    Process process =
        ChannelBenchProcess.of(
                ChannelBenchSender.class,
                System.getProperty("java.class.path"),
                List.of(),
                List.of(file.toString()))
            .start();
    BufferedReader out =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.US_ASCII));
    String ports = out.readLine();
    if (ports == null) {
      throw new IOException("The sending process did not start");
    }
    int space = ports.indexOf(' ');
    return new Remote(
        process,
        Integer.parseInt(ports.substring(0, space)),
        Integer.parseInt(ports.substring(space + 1)));
  }

  /** The sending process as the other one sees it. */
  static final class Remote implements AutoCloseable {
    private final Process process;
    private final int barePort;
    private final int channelPort;

    private Remote(Process process, int barePort, int channelPort) {
      this.process = process;
      this.barePort = barePort;
      this.channelPort = channelPort;
    }

    InetSocketAddress bareAddress() {
      return new InetSocketAddress(InetAddress.getLoopbackAddress(), barePort);
    }

    InetSocketAddress channelAddress() {
      return new InetSocketAddress(InetAddress.getLoopbackAddress(), channelPort);
    }

    ProcessHandle handle() {
      return process.toHandle();
    }

    @Override
    public void close() throws IOException {
      process.getOutputStream().close();
      try {
        process.waitFor();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
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
