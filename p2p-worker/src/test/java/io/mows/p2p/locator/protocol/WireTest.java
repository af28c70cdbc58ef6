// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.locator.protocol;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.mows.p2p.locator.Coverage;
import io.mows.p2p.locator.FileInfo;
import io.mows.p2p.locator.PeerInfo;
import io.mows.p2p.locator.PeerLoad;
import io.mows.p2p.locator.PeerRole;
import io.mows.p2p.locator.wire.WireException;
import io.mows.p2p.locator.wire.WireReader;
import io.mows.p2p.locator.wire.WireWriter;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class WireTest {
  @Test
  void shouldReadNumbersOfEverySize() throws WireException {
    WireWriter out = new WireWriter();
    for (int shift = 0; shift < 64; shift++) {
      out.putNumber((1L << shift) - 1).putNumber(1L << shift).putLong(-1L << shift);
    }
    WireReader in = new WireReader(out.putText("grün").toBytes());
    for (int shift = 0; shift < 64; shift++) {
      assertEquals((1L << shift) - 1, in.readNumber());
      assertEquals(1L << shift, in.readNumber());
      assertEquals(-1L << shift, in.readLong());
    }
    assertEquals("grün", in.readText(5, "text"));
    in.expectEnd();
  }

  @Test
  void shouldRefuseWhatWasNotWritten() {
    assertThrows(WireException.class, () -> read(0x80, 0x00).readNumber(), "too long a form");
    assertThrows(WireException.class, () -> read(0x80).readNumber(), "no end");
    assertThrows(
        WireException.class,
        () -> read(255, 255, 255, 255, 255, 255, 255, 255, 255, 2).readNumber(),
        "65 bits");
    assertThrows(WireException.class, () -> read(2, 0xC3, 0x28).readText(9, "text"), "not UTF-8");
    assertThrows(WireException.class, () -> read(3, 'a', 'b').readText(9, "text"), "cut short");
    assertThrows(WireException.class, () -> read(3, 'a', 'b', 'c').readText(2, "text"), "capped");
    assertThrows(WireException.class, () -> read(100, 1).readCount(1000, "things"), "no room");
    assertThrows(WireException.class, () -> read(1).expectEnd(), "left over");
  }

  private static WireReader read(int... bytes) {
    byte[] array = new byte[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      array[i] = (byte) bytes[i];
    }
    return new WireReader(array);
  }

  @Test
  void shouldReadEveryEntryAndWriteItTheSameAgain() throws WireException {
    for (LocatorEntry entry : entries()) {
      byte[] bytes = entry.toBytes();
      assertArrayEquals(bytes, EntryCodec.read(bytes).toBytes());
    }
  }

  @Test
  void shouldRefuseEveryEntryThatIsCutShortOrTooLong() {
    for (LocatorEntry entry : entries()) {
      byte[] bytes = entry.toBytes();
      for (int length = 0; length < bytes.length; length++) {
        byte[] cut = Arrays.copyOf(bytes, length);
        assertThrows(WireException.class, () -> EntryCodec.read(cut), "length " + length);
      }
      byte[] longer = Arrays.copyOf(bytes, bytes.length + 1);
      assertThrows(WireException.class, () -> EntryCodec.read(longer));
    }
    assertThrows(WireException.class, () -> EntryCodec.read(new byte[LocatorEntry.MAX_BYTES + 1]));
  }

  /** One value, one form: whatever a damaged entry is read as, it is written as it was read. */
  @Test
  void shouldReadADamagedEntryOnlyAsWhatItSays() {
    long seed = 21;
    Random random = new Random(seed);
    int refused = 0;
    for (int i = 0; i < 20_000; i++) {
      byte[] bytes = entries().get(random.nextInt(3)).toBytes();
      bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
      try {
        assertArrayEquals(bytes, EntryCodec.read(bytes).toBytes(), "seed " + seed);
      } catch (WireException e) {
        refused++;
      }
    }
    assertEquals(true, refused > 1_000, "only " + refused + " refused");
  }

  private static List<LocatorEntry> entries() {
    PeerInfo peer = new PeerInfo("worker-1", "worker-1:29991", "chat", PeerRole.WARMUP);
    PeerLoad load = new PeerLoad(1, 20_000, 1L << 40, Long.MAX_VALUE);
    FileInfo file = new FileInfo(-5, "/models/ü/a b.safetensors", 1L << 35);
    return List.of(
        Announcement.full(
            peer, 1_700_000_000_000L, 1, 15_000, load, List.of(FileChange.put(file, half()))),
        Announcement.delta(
            peer.id(),
            5,
            300,
            299,
            15_000,
            PeerLoad.NONE,
            List.of(
                FileChange.put(file, Coverage.COMPLETE),
                FileChange.update(7, half()),
                FileChange.remove(8))),
        new LocatorEntry.Departure(peer.id(), 5));
  }

  private static Coverage half() {
    return Coverage.of(1, 2, true);
  }
}
