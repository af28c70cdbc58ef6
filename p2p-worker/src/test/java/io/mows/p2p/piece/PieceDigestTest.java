// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.piece;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;

final class PieceDigestTest {
  private static final long SEED = 4;

  private static int crc32(byte[] bytes, int from, int length) {
    CRC32 crc = new CRC32();
    crc.update(bytes, from, length);
    return (int) crc.getValue();
  }

  private static byte[] randomBytes(Random random, int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }

  private static PieceDigest digest(byte[] bytes, int pieceBytes) {
    FileLayout layout = new FileLayout(bytes.length, bytes.length + 1L, pieceBytes);
    int[] crcs = new int[layout.pieceCount()];
    for (int piece = 0; piece < crcs.length; piece++) {
      crcs[piece] = crc32(bytes, (int) layout.pieceOffset(piece), layout.pieceLength(piece));
    }
    return new PieceDigest(bytes.length, pieceBytes, crcs);
  }

  @Test
  void shouldComposeToWhatJavaComputesOverAllBytes() {
    Random random = new Random(SEED);
    for (int run = 0; run < 2_000; run++) {
      byte[] bytes = randomBytes(random, random.nextInt(5_000));
      int pieceBytes = 1 + random.nextInt(700);
      assertEquals(
          crc32(bytes, 0, bytes.length),
          digest(bytes, pieceBytes).fileCrc32(),
          "seed " + SEED + ", run " + run);
    }
  }

  @Test
  void shouldCombineTwoPartsOfAnyLength() {
    Random random = new Random(SEED);
    for (int run = 0; run < 2_000; run++) {
      byte[] bytes = randomBytes(random, random.nextInt(3_000));
      int cut = random.nextInt(bytes.length + 1);
      int rest = bytes.length - cut;
      assertEquals(
          crc32(bytes, 0, bytes.length),
          Crc32Math.combine(crc32(bytes, 0, cut), crc32(bytes, cut, rest), rest),
          "seed " + SEED + ", run " + run);
    }
  }

  @Test
  void shouldCombineLengthsThatNoArrayHas() {
    byte[] head = randomBytes(new Random(SEED), 1_000);
    byte[] zeros = new byte[1 << 20];
    CRC32 all = new CRC32();
    CRC32 tail = new CRC32();
    all.update(head);
    long tailBytes = 0;
    while (tailBytes < 5L << 30) {
      int step = 256 << 20;
      // Five gigabytes of zeros, by the composition that the other tests have checked.
      tailBytes += step;
      for (int i = 0; i < step / zeros.length && tailBytes <= 256 << 20; i++) {
        all.update(zeros);
        tail.update(zeros);
      }
    }
    int step = (int) tail.getValue();
    int whole = (int) all.getValue();
    int zerosOnly = step;
    for (int i = 1; i < 20; i++) {
      whole = Crc32Math.combine(whole, step, 256 << 20);
      zerosOnly = Crc32Math.combine(zerosOnly, step, 256 << 20);
    }
    assertEquals(whole, Crc32Math.combine(crc32(head, 0, 1_000), zerosOnly, 5L << 30));
  }

  @Test
  void shouldTellPiecesInAnotherOrder() {
    byte[] bytes = randomBytes(new Random(SEED), 4_096);
    byte[] swapped = bytes.clone();
    System.arraycopy(bytes, 0, swapped, 1_024, 1_024);
    System.arraycopy(bytes, 1_024, swapped, 0, 1_024);
    assertNotEquals(digest(bytes, 1_024).fileCrc32(), digest(swapped, 1_024).fileCrc32());
  }

  @Test
  void shouldRefuseTooFewPieces() {
    assertThrows(IllegalArgumentException.class, () -> new PieceDigest(2_000, 1_000, new int[1]));
  }

  @Test
  void shouldFollowBytesInAnyOrder() {
    Random random = new Random(SEED);
    for (int run = 0; run < 2_000; run++) {
      byte[] bytes = randomBytes(random, 1 + random.nextInt(3_000));
      RunningCrc32 crc = new RunningCrc32();
      List<int[]> chunks = new ArrayList<>();
      for (int at = 0; at < bytes.length; ) {
        int length = Math.min(bytes.length - at, 1 + random.nextInt(500));
        chunks.add(new int[] {at, length});
        at += length;
      }
      if (random.nextBoolean()) {
        Collections.shuffle(chunks, random);
      }
      boolean garbage = random.nextBoolean();
      for (int[] chunk : chunks) {
        if (garbage && random.nextInt(5) == 0) {
          crc.update(chunk[0], ByteBuffer.wrap(randomBytes(random, chunk[1])));
        }
        crc.update(chunk[0], ByteBuffer.wrap(bytes, chunk[0], chunk[1]));
      }
      OptionalInt value = crc.value(bytes.length);
      // What was overwritten may make it unknown, but never wrong.
      assertTrue(garbage || value.isPresent(), "seed " + SEED + ", run " + run);
      assertEquals(
          crc32(bytes, 0, bytes.length),
          value.orElse(crc32(bytes, 0, bytes.length)),
          "seed " + SEED + ", run " + run);
    }
  }

  @Test
  void shouldFollowPartsThatArriveSideBySide() {
    byte[] bytes = randomBytes(new Random(SEED), 4_000);
    RunningCrc32 crc = new RunningCrc32();
    for (int at = 0; at < 1_000; at += 100) {
      for (int part = 3; part >= 0; part--) {
        crc.update(1_000 * part + at, ByteBuffer.wrap(bytes, 1_000 * part + at, 100));
      }
    }
    assertEquals(OptionalInt.of(crc32(bytes, 0, 4_000)), crc.value(4_000));
  }

  @Test
  void shouldStartOverWhenTheBytesDo() {
    byte[] bytes = randomBytes(new Random(SEED), 1_000);
    RunningCrc32 crc = new RunningCrc32();
    crc.update(0, ByteBuffer.wrap(new byte[300]));
    crc.update(300, ByteBuffer.wrap(new byte[300]));
    crc.update(0, ByteBuffer.wrap(bytes, 0, 500));
    crc.update(500, ByteBuffer.wrap(bytes, 500, 500));
    assertEquals(OptionalInt.of(crc32(bytes, 0, 1_000)), crc.value(1_000));
  }

  @Test
  void shouldNotKnowWhatDidNotCome() {
    RunningCrc32 crc = new RunningCrc32();
    crc.update(0, ByteBuffer.wrap(new byte[10]));
    crc.update(20, ByteBuffer.wrap(new byte[10]));
    assertEquals(OptionalInt.empty(), crc.value(30));
    crc.update(10, ByteBuffer.wrap(new byte[10]));
    assertEquals(OptionalInt.of(crc32(new byte[30], 0, 30)), crc.value(30));
    crc.update(5, ByteBuffer.wrap(new byte[1]));
    assertEquals(OptionalInt.empty(), crc.value(30), "part of it was overwritten");
  }
}
