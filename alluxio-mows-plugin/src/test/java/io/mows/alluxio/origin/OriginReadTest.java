// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.origin;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mows.p2p.fetch.FileSpec;
import io.mows.p2p.fetch.OriginRef;
import io.mows.p2p.piece.FileLayout;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;

final class OriginReadTest {
  private static final int LENGTH = 6;
  private static final long SECOND = OriginRead.PATIENCE_NS;
  private static final FileSpec FILE =
      new FileSpec(
          1,
          "/models/model.bin",
          new FileLayout(100, 100, 1 << 20),
          List.of(1L),
          new OriginRef(1, "oss://models/model.bin", "", 0));

  private final byte[] got = new byte[LENGTH];
  private final OriginRead read =
      new OriginRead(FILE, 50, LENGTH, (offset, src) -> src.get(got, offset, src.remaining()));

  private static ByteBuffer bytes(int... values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return ByteBuffer.wrap(bytes);
  }

  @Test
  void shouldTakeNothingFromThoseWhoLostIt() throws Exception {
    assertTrue(read.deliver(0, bytes(1, 2)));
    assertEquals(1, read.takeOver());
    assertFalse(read.deliver(0, bytes(9, 9)));
    assertFalse(read.end(0));
    assertFalse(read.isOwnedBy(0));
    assertTrue(read.deliver(1, bytes(3)));
    assertEquals(2, read.takeOver());
    assertFalse(read.deliver(1, bytes(9)));
    assertTrue(read.deliver(2, bytes(4, 5, 6)));
    assertTrue(read.end(2));
    assertArrayEquals(new byte[] {1, 2, 3, 4, 5, 6}, got);
  }

  @Test
  void shouldNotBeTakenOverByTwoOrAfterItsEnd() {
    assertTrue(read.end(0));
    assertTrue(read.takeOver() < 0);
    assertFalse(read.end(0), "it ends once");
  }

  @Test
  void shouldNotBeTakenOverWhileBytesAreWritten() throws Exception {
    OriginRead[] writing = new OriginRead[1];
    writing[0] =
        new OriginRead(
            FILE,
            0,
            LENGTH,
            (offset, src) -> {
              assertTrue(writing[0].takeOver() < 0);
              assertFalse(writing[0].end(0));
            });
    assertTrue(writing[0].deliver(0, bytes(1)));
    assertEquals(1, writing[0].takeOver());
  }

  @Test
  void shouldBeOverAsUsualWhenThereIsNoRoom() {
    OriginRead full =
        new OriginRead(
            FILE,
            0,
            LENGTH,
            (offset, src) -> {
              throw new IOException("No space left on device");
            });
    assertThrows(IOException.class, () -> full.deliver(0, bytes(1)));
    assertEquals(0, full.doneBytes());
    assertTrue(full.end(0));
  }

  @Test
  void shouldBeStuckWhenItGetsLessThanAnEighthOfItsShare() throws Exception {
    int piece = 20;
    assertFalse(read.isStuck(SECOND, 80, piece, 2, 4), "it has not begun");
    read.begin(0, 0);
    assertTrue(read.deliver(0, bytes(1, 2, 3, 4)));
    assertFalse(read.isStuck(SECOND - 1, 100, piece, 2, 4), "too early");
    assertFalse(read.isStuck(SECOND, 79, piece, 2, 4), "the origin is slow");
    assertTrue(read.isStuck(SECOND, 80, piece, 2, 4));
  }

  @Test
  void shouldNotBeStuckForBeingSlowWhileOthersUseTheLink() throws Exception {
    int piece = 20;
    read.begin(0, 0);
    assertTrue(read.isStuck(SECOND, 80, piece, 2, 3), "it gets nothing");
    assertTrue(read.deliver(0, bytes(1)));
    assertFalse(read.isStuck(SECOND, 80, piece, 2, 3), "closing it would cost the others more");
    assertTrue(read.isStuck(SECOND, 80, piece, 2, 4), "it is among the last");
  }

  @Test
  void shouldBeFoundStuckInAnySecond() throws Exception {
    int piece = 2;
    read.begin(0, 0);
    assertTrue(read.deliver(0, bytes(1, 2, 3, 4)));
    assertFalse(read.isStuck(SECOND, 64, piece, 2, 4), "4 of 64 bytes, of two reads");
    assertFalse(read.isStuck(2 * SECOND - 1, 200, piece, 2, 4), "a new second has begun");
    assertTrue(read.deliver(0, bytes(5)));
    assertTrue(read.isStuck(2 * SECOND, 64 + 17, piece, 2, 4), "1 of 17 bytes");
    assertFalse(read.isStuck(2 * SECOND, 64 + 16, piece, 2, 4), "1 of 16 bytes");
  }

  @Test
  void shouldNeverBeStuckAlone() throws Exception {
    read.begin(0, 0);
    assertTrue(read.deliver(0, bytes(1, 2)));
    assertFalse(read.isStuck(SECOND, 2, 0, 1, 4));
  }
}
