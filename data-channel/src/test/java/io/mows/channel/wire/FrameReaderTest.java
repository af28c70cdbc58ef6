// SPDX-License-Identifier: Apache-2.0
package io.mows.channel.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mows.channel.CloseReason;
import io.mows.channel.PieceRequest;
import io.mows.channel.RefusalReason;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

final class FrameReaderTest {
  private static final UnpooledByteBufAllocator BUFFERS = new UnpooledByteBufAllocator(true);

  private final FrameRecorder recorder = new FrameRecorder();

  @Test
  void shouldReadWhatIsWrittenHoweverItIsCut() throws ProtocolException {
    long seed = System.nanoTime();
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    byte[] stream = concat(everyFrame());
    for (int run = 0; run < 50; run++) {
      FrameRecorder heard = new FrameRecorder();
      FrameReader reader = newReader(heard);
      for (int at = 0; at < stream.length; ) {
        int count = Math.min(stream.length - at, 1 + random.nextInt(run < 25 ? 3 : 4_000));
        feed(reader, Arrays.copyOfRange(stream, at, at + count));
        at += count;
      }
      assertEquals(expectedOfEveryFrame(), heard.lines());
      reader.close();
    }
    assertEquals(0, BUFFERS.metric().usedDirectMemory(), "buffers that were not freed");
  }

  @Test
  void shouldReadNothingAfterAGoodbye() throws ProtocolException {
    FrameReader reader = newReader(recorder);
    feed(
        reader,
        concat(
            List.of(
                bytes(ControlFrames.goodbye(BUFFERS, CloseReason.IDLE)),
                bytes(ControlFrames.ping(BUFFERS, 1)))));
    assertEquals(List.of("goodbye IDLE"), recorder.lines());
  }

  @Test
  void shouldCountEveryWayToBeWrong() {
    byte[] ping = bytes(ControlFrames.ping(BUFFERS, 1));
    assertRefused(CloseReason.NOT_OUR_PROTOCOL, with(ping, 0, 'G'));
    assertRefused(CloseReason.WRONG_VERSION, with(ping, 2, 2));
    assertRefused(CloseReason.UNKNOWN_FRAME, with(ping, 3, 0));
    assertRefused(CloseReason.UNKNOWN_FRAME, with(ping, 3, 23));
    assertRefused(CloseReason.UNKNOWN_FRAME, with(ping, 3, 255));
    assertRefused(CloseReason.FRAME_TOO_LARGE, with(ping, 7, 9));
    assertRefused(CloseReason.FRAME_TOO_LARGE, with(ping, 4, 255));
    assertRefused(CloseReason.MALFORMED_FRAME, with(ping, 7, 7));
    for (FrameType type : FrameType.values()) {
      byte[] huge = Arrays.copyOf(with(ping, 3, type.code()), 8);
      assertRefused(CloseReason.FRAME_TOO_LARGE, with(huge, 4, 0x7f));
    }
    byte[] request =
        bytes(RequestFrame.encode(BUFFERS, 1, new PieceRequest(1, 2, 3, 4, true), false));
    assertRefused(CloseReason.MALFORMED_FRAME, with(request, 8 + 12, 0x80)); // piece
    assertRefused(CloseReason.MALFORMED_FRAME, with(request, 8 + 16, 0x80)); // offset
    assertRefused(CloseReason.MALFORMED_FRAME, with(request, 8 + 20, 0x7f)); // length
    assertRefused(CloseReason.MALFORMED_FRAME, with(request, 8 + 23, 0)); // length
    assertRefused(CloseReason.MALFORMED_FRAME, with(request, 8 + 24, 4)); // flags
    byte[] taken = bytes(BulkFrames.taken(BUFFERS, 1, true));
    assertRefused(CloseReason.MALFORMED_FRAME, with(taken, 8 + 4, 2));
    byte[] refused = bytes(ControlFrames.refused(BUFFERS, 1, RefusalReason.GONE));
    assertRefused(CloseReason.MALFORMED_FRAME, with(refused, 8 + 4, 9));
    assertRefused(CloseReason.MALFORMED_FRAME, with(refused, 8 + 5, 2));
    byte[] message = bytes(MessageFrame.encode(BUFFERS, ascii("x")));
    assertRefused(CloseReason.MALFORMED_FRAME, with(message, 7, 0)); // empty
    byte[] tooLong = bytes(MessageFrame.encode(BUFFERS, ByteBuffer.allocate(4 << 20)));
    assertRefused(CloseReason.FRAME_TOO_LARGE, with(tooLong, 7, 1));
  }

  @Test
  void shouldAllowOnlyTheIntroductionToStrangers() {
    for (byte[] frame : everyFrame()) {
      FrameReader reader = new FrameReader(BUFFERS, recorder);
      if (FrameType.ofCode(frame[3]).isIntroduction()) {
        continue;
      }
      // The header is enough: nothing is kept for a stranger.
      ProtocolException refused =
          assertThrows(ProtocolException.class, () -> feed(reader, Arrays.copyOf(frame, 8)));
      assertEquals(CloseReason.UNEXPECTED_FRAME, refused.reason());
    }
  }

  @Test
  void shouldSurviveAnyBytes() {
    long seed = System.nanoTime();
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    List<byte[]> frames = everyFrame();
    int refusals = 0;
    for (int run = 0; run < 5_000; run++) {
      byte[] stream = frames.get(random.nextInt(frames.size())).clone();
      for (int i = 1 + random.nextInt(4); i > 0; i--) {
        // Mostly in the header and the fixed fields.
        int limit = random.nextBoolean() ? Math.min(40, stream.length) : stream.length;
        stream[random.nextInt(limit)] = (byte) random.nextInt();
      }
      FrameReader reader = newReader(new FrameRecorder());
      try {
        feed(reader, stream);
      } catch (ProtocolException e) {
        refusals++;
      }
      // A frame that is not whole yet takes no more than came of it.
      long used = BUFFERS.metric().usedDirectMemory();
      assertTrue(used <= Math.max(256, 4L * stream.length), () -> used + " bytes are kept");
      reader.close();
    }
    assertTrue(refusals > 500, "only " + refusals + " of 5000 were refused");
    assertEquals(0, BUFFERS.metric().usedDirectMemory(), "buffers that were not freed");
  }

  private static FrameReader newReader(FrameRecorder recorder) {
    FrameReader reader = new FrameReader(BUFFERS, recorder);
    reader.introduced(recorder);
    return reader;
  }

  private void assertRefused(CloseReason reason, byte[] frame) {
    FrameReader reader = newReader(recorder);
    ProtocolException refused = assertThrows(ProtocolException.class, () -> feed(reader, frame));
    assertEquals(reason, refused.reason(), refused.getMessage());
    reader.close();
    assertEquals(0, BUFFERS.metric().usedDirectMemory(), "buffers that were not freed");
  }

  private static List<byte[]> everyFrame() {
    ByteBuf payload = Unpooled.wrappedBuffer(ascii("payload"));
    List<ByteBuf> frames = new ArrayList<>();
    frames.add(Hello.of(7, true, new byte[16], new byte[16], "wörker:29991").encode(BUFFERS));
    frames.add(ControlFrames.auth(BUFFERS, new byte[32]));
    frames.add(ControlFrames.ping(BUFFERS, -1));
    frames.add(ControlFrames.pong(BUFFERS, 2));
    frames.add(MessageFrame.encode(BUFFERS, ascii("one")));
    frames.add(MessageFrame.encode(BUFFERS, ascii("2".repeat(10_000))));
    frames.add(RequestFrame.encode(BUFFERS, 6, new PieceRequest(7, 8, 9, 10, false), false));
    frames.add(RequestFrame.encode(BUFFERS, 7, new PieceRequest(8, 9, 10, 11, true), true));
    frames.add(PieceFrame.encodeStart(BUFFERS, 11, 12, -13, 7).writeBytes(payload));
    frames.add(ControlFrames.refused(BUFFERS, 14, RefusalReason.NOT_ALLOWED));
    frames.add(ControlFrames.cancel(BUFFERS, 15));
    frames.add(BulkFrames.offer(BUFFERS, new byte[] {1, 2}));
    frames.add(BulkFrames.grant(BUFFERS, 16, -17, new byte[] {3, 4, 5}));
    frames.add(BulkFrames.taken(BUFFERS, 18, false));
    frames.add(BulkFrames.taken(BUFFERS, 19, true));
    frames.add(ControlFrames.goodbye(BUFFERS, CloseReason.WRONG_VERSION));
    return frames.stream().map(FrameReaderTest::bytes).collect(Collectors.toList());
  }

  private static List<String> expectedOfEveryFrame() {
    return List.of(
        "hello wörker:29991 263 true",
        "auth 32",
        "ping -1",
        "pong 2",
        "message one",
        "message " + "2".repeat(10_000),
        "requested 6 bytes 9+10 of piece 8 of file 7",
        "requested 7 urgent bytes 10+11 of piece 9 of file 8, bulk",
        "piece 11 at 12 crc -13: payload",
        "refused 14 NOT_ALLOWED RETRY_ELSEWHERE",
        "cancelled 15",
        "offered [1, 2]",
        "granted 16 crc -17: [3, 4, 5]",
        "taken 18 false",
        "taken 19 true",
        "goodbye WRONG_VERSION");
  }

  private static ByteBuffer ascii(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
  }

  private static byte[] bytes(ByteBuf frame) {
    byte[] bytes = ByteBufUtil.getBytes(frame);
    frame.release();
    return bytes;
  }

  private static byte[] with(byte[] frame, int index, int value) {
    byte[] changed = frame.clone();
    changed[index] = (byte) value;
    return changed;
  }

  private static byte[] concat(List<byte[]> frames) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    frames.forEach(all::writeBytes);
    return all.toByteArray();
  }

  private static void feed(FrameReader reader, byte[] bytes) throws ProtocolException {
    ByteBuf buffer = Unpooled.wrappedBuffer(bytes);
    try {
      reader.read(buffer);
    } finally {
      buffer.release();
    }
  }
}
