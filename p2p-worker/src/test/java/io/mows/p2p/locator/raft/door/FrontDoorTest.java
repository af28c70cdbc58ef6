// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.locator.raft.door;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.mows.p2p.locator.LocatorEvents;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** With something inside that says what it hears. */
final class FrontDoorTest {
  private static final int LIMIT = 4;
  private static final long FIRST_MS = 10_000;
  private static final long SILENT_MS = 60_000;

  private final AtomicLong nowNs = new AtomicLong();
  private final AtomicInteger turnedAway = new AtomicInteger();
  private final List<Socket> sockets = new ArrayList<>();
  private ServerSocket inside;
  private FrontDoor door;
  private InetSocketAddress address;

  @BeforeEach
  void open() throws IOException {
    inside = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
    daemon(this::answerAll);
    door =
        new FrontDoor(
            inside.getLocalPort(),
            false,
            new DoorLimits(FIRST_MS, SILENT_MS, LIMIT, LIMIT),
            new LocatorEvents() {
              @Override
              public void turnedAway() {
                turnedAway.incrementAndGet();
              }
            },
            nowNs::get);
    address = door.open("127.0.0.1", 0);
  }

  @AfterEach
  void close() throws IOException {
    door.close();
    inside.close();
    for (Socket socket : sockets) {
      socket.close();
    }
  }

  private static void daemon(Runnable task) {
    Thread thread = new Thread(task, "test-inside");
    thread.setDaemon(true);
    thread.start();
  }

  private void answerAll() {
    try {
      while (true) {
        Socket socket = inside.accept();
        daemon(() -> answer(socket));
      }
    } catch (IOException e) {
      // The test is over.
    }
  }

  private static void answer(Socket socket) {
    try (socket) {
      socket.getInputStream().transferTo(socket.getOutputStream());
    } catch (IOException e) {
      // It was cut off.
    }
  }

  private Socket dial() throws IOException {
    Socket socket = new Socket(address.getAddress(), address.getPort());
    socket.setSoTimeout(20_000);
    sockets.add(socket);
    return socket;
  }

  private Socket speaker() throws IOException {
    Socket socket = dial();
    say(socket);
    return socket;
  }

  private static void say(Socket socket) throws IOException {
    socket.getOutputStream().write('P');
    assertEquals('P', socket.getInputStream().read());
  }

  /** Returns when the other side has ended it. */
  private static void assertEnded(Socket socket) throws IOException {
    assertEquals(-1, socket.getInputStream().read());
  }

  private void later(long ms) {
    nowNs.addAndGet(TimeUnit.MILLISECONDS.toNanos(ms));
  }

  @Test
  void shouldCarryBytesBothWays() throws Exception {
    byte[] bytes = new byte[20 << 20];
    new Random(1).nextBytes(bytes);
    bytes[0] = 'P';
    Socket socket = dial();
    CompletableFuture<byte[]> answer = new CompletableFuture<>();
    InputStream in = socket.getInputStream();
    daemon(
        () -> {
          try {
            answer.complete(in.readNBytes(bytes.length));
          } catch (IOException e) {
            answer.completeExceptionally(e);
          }
        });
    socket.getOutputStream().write(bytes);
    assertArrayEquals(bytes, answer.get(30, TimeUnit.SECONDS));
    assertEquals(0, turnedAway.get());
  }

  @Test
  void shouldEndWhatSaysNothing() throws Exception {
    Socket mute = dial();
    Socket speaker = speaker();
    later(FIRST_MS + 1);
    assertEnded(mute);
    say(speaker);
    later(SILENT_MS - 1);
    say(speaker);
    later(SILENT_MS + 1);
    assertEnded(speaker);
    assertEquals(2, turnedAway.get());
  }

  @Test
  void shouldEndWhatSpeaksAnotherProtocol() throws Exception {
    Socket stranger = dial();
    stranger.getOutputStream().write("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    assertEnded(stranger);
    assertEquals(1, turnedAway.get());
  }

  @Test
  void shouldMakeRoomAtTheCostOfTheMostSilent() throws Exception {
    List<Socket> speakers = new ArrayList<>();
    for (int i = 0; i < LIMIT; i++) {
      speakers.add(speaker());
      later(1);
    }
    say(speakers.get(0));
    later(1);
    speakers.add(speaker());
    assertEnded(speakers.get(1));
    say(speakers.get(0));
    say(speakers.get(LIMIT));
    assertEquals(1, turnedAway.get());
  }

  @Test
  void shouldEndWithItsOtherHalf() throws Exception {
    Socket speaker = speaker();
    speaker.shutdownOutput();
    assertEnded(speaker);
  }
}
