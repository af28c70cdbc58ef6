// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.block;

import static io.mows.alluxio.block.TestEngine.PIECE_BYTES;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mows.channel.Remedy;
import io.mows.channel.TransferException;
import io.mows.p2p.fetch.FileSpec;
import io.mows.p2p.fetch.OriginRef;
import io.mows.p2p.piece.FileLayout;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class PieceBlockReaderTest {
  private static final int BLOCK_BYTES = 4 * PIECE_BYTES;
  private static final int LAST_BLOCK_BYTES = PIECE_BYTES + 77;
  private static final FileSpec FILE =
      new FileSpec(
          Ids.file(1),
          "/models/1.bin",
          new FileLayout(BLOCK_BYTES + LAST_BLOCK_BYTES, BLOCK_BYTES, PIECE_BYTES),
          List.of(Ids.block(1, 0), Ids.block(1, 1)),
          new OriginRef(1, "oss://bucket/1.bin", "", 0));

  @TempDir Path dir;
  private TestEngine engine;
  private final List<Long> stockOpenedAt = new ArrayList<>();
  private FakeStockReader stock;

  @BeforeEach
  void start() {
    engine = new TestEngine(dir, 2 * BLOCK_BYTES);
  }

  @AfterEach
  void stop() throws IOException {
    engine.close();
  }

  private static byte[] block(int index) {
    return FakeSource.content((long) index * BLOCK_BYTES, (int) FILE.layout().blockLength(index));
  }

  private PieceBlockReader reader(int block, long offset) {
    return reader(block, offset, false);
  }

  private PieceBlockReader reader(int block, long offset, boolean isStream) {
    return new PieceBlockReader(
        engine.engine(),
        FILE,
        block,
        offset,
        isStream,
        (position, failure) -> {
          stockOpenedAt.add(position);
          stock = new FakeStockReader(block(block), position);
          return stock;
        });
  }

  private static byte[] transferAll(PieceBlockReader reader, int chunk) throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    ByteBuf buf = Unpooled.directBuffer(chunk, chunk);
    while (reader.transferTo(buf) >= 0) {
      buf.readBytes(all, buf.readableBytes());
      buf.clear();
    }
    buf.release();
    return all.toByteArray();
  }

  private static byte[] channelAll(PieceBlockReader reader, int chunk) throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    ReadableByteChannel channel = reader.getChannel();
    ByteBuffer buffer = ByteBuffer.allocate(chunk);
    while (channel.read(buffer) >= 0) {
      all.write(buffer.array(), 0, buffer.position());
      buffer.clear();
    }
    return all.toByteArray();
  }

  private static byte[] from(byte[] block, int offset) {
    return Arrays.copyOfRange(block, offset, block.length);
  }

  @Test
  void shouldReadAtAnyPositionOfItsBlock() throws IOException {
    try (PieceBlockReader reader = reader(1, 0)) {
      assertEquals(LAST_BLOCK_BYTES, reader.getLength());
      assertEquals(ByteBuffer.wrap(block(1), 70, PIECE_BYTES), reader.read(70, PIECE_BYTES));
      assertEquals(ByteBuffer.wrap(block(1), 0, 5), reader.read(0, 5));
    }
  }

  @Test
  void shouldReadUpToTheEndOfItsBlockAndNoFurther() throws IOException {
    try (PieceBlockReader reader = reader(0, 0)) {
      assertEquals(
          ByteBuffer.wrap(block(0), BLOCK_BYTES - 3, 3), reader.read(BLOCK_BYTES - 3, 100));
      assertEquals(0, reader.read(BLOCK_BYTES, 100).remaining());
    }
  }

  @Test
  void shouldTransferSequentially() throws IOException {
    try (PieceBlockReader reader = reader(0, 0)) {
      assertArrayEquals(block(0), transferAll(reader, 10_000));
    }
    try (PieceBlockReader reader = reader(1, 12_345)) {
      assertArrayEquals(from(block(1), 12_345), transferAll(reader, PIECE_BYTES));
    }
  }

  @Test
  void shouldBringTheWholeBlockOfAStreamAndNoOther() throws Exception {
    try (PieceBlockReader reader = reader(0, PIECE_BYTES + 5, true)) {
      assertEquals(9, reader.transferTo(Unpooled.buffer(9, 9)));
      long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
      while (!engine.store().store().hasBlockMeta(FILE.blockId(0))) {
        assertTrue(System.nanoTime() - deadlineNs < 0, "the block does not come");
        TimeUnit.MILLISECONDS.sleep(1);
      }
    }
    assertEquals(4, engine.source().fetched().size());
  }

  @Test
  void shouldBringOnlyThePieceOfAPositionedRead() throws IOException {
    try (PieceBlockReader reader = reader(0, PIECE_BYTES + 5)) {
      assertEquals(9, reader.transferTo(Unpooled.buffer(9, 9)));
    }
    assertEquals(1, engine.source().fetched().size());
  }

  @Test
  void shouldTransferBehindWhatTheBufferHolds() throws IOException {
    ByteBuf buf = Unpooled.buffer(10, 10).writeByte(99);
    try (PieceBlockReader reader = reader(0, 0)) {
      assertEquals(9, reader.transferTo(buf));
    }
    assertEquals(99, buf.readByte());
    byte[] rest = new byte[9];
    buf.readBytes(rest);
    assertArrayEquals(Arrays.copyOf(block(0), 9), rest);
  }

  @Test
  void shouldReadThroughItsChannel() throws IOException {
    try (PieceBlockReader reader = reader(1, 5)) {
      assertArrayEquals(from(block(1), 5), channelAll(reader, 7_777));
    }
  }

  @Test
  void shouldCloseWithItsChannel() throws IOException {
    PieceBlockReader reader = reader(0, 0);
    ReadableByteChannel channel = reader.getChannel();
    assertTrue(channel.isOpen());
    channel.close();
    assertFalse(channel.isOpen());
    assertTrue(reader.isClosed());
    assertThrows(ClosedChannelException.class, () -> channel.read(ByteBuffer.allocate(1)));
    reader.close();
  }

  @Test
  void shouldGoOnAsStockWhereATransferFails() throws IOException {
    PieceBlockReader reader = reader(0, 0);
    ByteBuf buf = Unpooled.buffer(BLOCK_BYTES);
    while (buf.writerIndex() < 2 * PIECE_BYTES) {
      assertTrue(reader.transferTo(buf.capacity(buf.writerIndex() + PIECE_BYTES)) > 0);
    }
    engine.breakDown();
    buf.writeBytes(transferAll(reader, PIECE_BYTES / 2));

    assertArrayEquals(block(0), Arrays.copyOf(buf.array(), buf.writerIndex()));
    assertEquals(List.of(2L * PIECE_BYTES), stockOpenedAt);
    assertEquals("stock", reader.getLocation());
    reader.close();
    assertTrue(stock.isClosed());
  }

  @Test
  void shouldGoOnAsStockWhereAChannelReadFails() throws IOException {
    try (PieceBlockReader reader = reader(0, 100)) {
      ByteBuffer start = ByteBuffer.allocate(PIECE_BYTES - 100);
      assertEquals(PIECE_BYTES - 100, reader.getChannel().read(start));
      engine.breakDown();
      assertArrayEquals(from(block(0), PIECE_BYTES), channelAll(reader, PIECE_BYTES / 2));
    }
    assertEquals(List.of((long) PIECE_BYTES), stockOpenedAt);
  }

  @Test
  void shouldReadAsStockWhereAPositionedReadFails() throws IOException {
    try (PieceBlockReader reader = reader(0, 0)) {
      assertEquals(ByteBuffer.wrap(block(0), 0, 10), reader.read(0, 10));
      engine.breakDown();
      assertEquals(
          ByteBuffer.wrap(block(0), PIECE_BYTES - 5, 10), reader.read(PIECE_BYTES - 5, 10));
      assertEquals(ByteBuffer.wrap(block(0), 3, 10), reader.read(3, 10));
    }
    assertEquals(List.of(PIECE_BYTES - 5L), stockOpenedAt);
  }

  @ParameterizedTest
  @EnumSource(Remedy.class)
  void shouldPassOnWhatTheOriginSays(Remedy remedy) throws IOException {
    engine
        .source()
        .failWith(
            offset -> {
              throw new TransferException(remedy, "told to fail");
            });
    try (PieceBlockReader reader = reader(0, 0)) {
      TransferException failure = assertThrows(TransferException.class, () -> reader.read(0, 10));
      assertEquals(remedy, failure.remedy());
      assertTrue(failure.getMessage().contains("told to fail"), failure::getMessage);
    }
    assertEquals(List.of(), stockOpenedAt);
  }

  @Test
  void shouldSayWhereItReadsFrom() {
    assertEquals("mows:/models/1.bin", reader(0, 0).getLocation());
  }
}
