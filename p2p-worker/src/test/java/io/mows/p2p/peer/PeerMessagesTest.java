// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.peer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mows.p2p.locator.PeerRole;
import io.mows.p2p.piece.PieceBits;
import io.mows.p2p.swarm.message.SwarmMessage;
import io.mows.p2p.swarm.message.SwarmMessage.Bitfield;
import io.mows.p2p.swarm.message.SwarmMessage.BitfieldDelta;
import io.mows.p2p.swarm.message.SwarmMessage.Offer;
import io.mows.p2p.swarm.message.SwarmMessage.Reject;
import io.mows.p2p.swarm.message.SwarmMessage.Rumour;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

final class PeerMessagesTest {
  private static final long FILE = 0x1122_3344_5566_7788L;

  private static SwarmMessage again(SwarmMessage message) throws IOException {
    return again(message, 1_000).orElseThrow();
  }

  private static Optional<SwarmMessage> again(SwarmMessage message, int pieces) throws IOException {
    ByteBuffer bytes = PeerEncoder.encode(message);
    return PeerDecoder.decode(PeerDecoder.kind(bytes), bytes, file -> pieces);
  }

  private static PieceBits bits(int size, int... pieces) {
    PieceBits bits = new PieceBits(size);
    for (int piece : pieces) {
      bits.set(piece);
    }
    return bits;
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 63, 64, 65, 1_000})
  void shouldCarryMapsOfAnySize(int size) throws IOException {
    PieceBits all = new PieceBits(size);
    if (size > 0) {
      all.setAll();
    }
    PieceBits some = size > 1 ? bits(size, 1, size - 1) : new PieceBits(size);
    Bitfield map =
        (Bitfield)
            again(new Bitfield(FILE, all, some, new PieceBits(size), 3, size % 2 == 0), size)
                .orElseThrow();
    assertEquals(FILE, map.fileId());
    assertEquals(size, map.have().size());
    assertArrayEquals(all.toArray(), map.have().toArray());
    assertArrayEquals(some.toArray(), map.arriving().toArray());
    assertEquals(0, map.seen().count());
    assertEquals(3, map.freeSlots());
    assertEquals(size % 2 == 0, map.isAsking());
  }

  @Test
  void shouldCarryChangesRumoursAndOffers() throws IOException {
    BitfieldDelta delta =
        (BitfieldDelta)
            again(new BitfieldDelta(FILE, new int[] {1, 2}, new int[] {7}, new int[0], 2));
    assertArrayEquals(new int[] {1, 2}, delta.have());
    assertArrayEquals(new int[] {7}, delta.arriving());
    assertArrayEquals(new int[0], delta.gone());
    assertEquals(2, delta.freeSlots());
    Rumour rumour = (Rumour) again(new Rumour(FILE, new int[] {5}, new int[] {6, 9}));
    assertArrayEquals(new int[] {5}, rumour.seen());
    assertArrayEquals(new int[] {6, 9}, rumour.demanded());
    assertEquals(12, ((Offer) again(new Offer(FILE, 12))).piece());
  }

  @ParameterizedTest
  @EnumSource(Reject.Reason.class)
  void shouldCarryRefusals(Reject.Reason reason) throws IOException {
    Reject refused = (Reject) again(new Reject(FILE, 4, reason));
    assertEquals(reason, refused.reason());
    assertEquals(4, refused.piece());
  }

  @Test
  void shouldCarryGreetings() throws IOException {
    ByteBuffer bytes = PeerEncoder.encode(new Greeting("llama-ü", PeerRole.WARMUP, 42, true));
    assertEquals(PeerKinds.GREETING, PeerDecoder.kind(bytes));
    Greeting greeting = PeerDecoder.decodeGreeting(bytes);
    assertEquals("llama-ü", greeting.group());
    assertEquals(PeerRole.WARMUP, greeting.role());
    assertEquals(42, greeting.session());
    assertTrue(greeting.isImportant());
  }

  @Test
  void shouldNotCarryWhatIsAFrameOfTheChannel() {
    assertThrows(
        IllegalArgumentException.class,
        () -> PeerEncoder.encode(new SwarmMessage.Request(FILE, 1, true)));
    assertThrows(
        IllegalArgumentException.class, () -> PeerEncoder.encode(new SwarmMessage.Cancel(FILE, 1)));
  }

  /** Whatever comes, it is a message or an IOException, and nothing huge is allocated for it. */
  @Test
  void shouldSurviveAnyBytes() {
    long seed = System.nanoTime();
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    List<SwarmMessage> messages =
        List.of(
            new Bitfield(FILE, bits(100, 3), bits(100, 5), bits(100), 1, true),
            new BitfieldDelta(FILE, new int[] {1}, new int[] {2}, new int[] {3}, 1),
            new Rumour(FILE, new int[] {1}, new int[] {2}),
            new Offer(FILE, 1),
            new Reject(FILE, 1, Reject.Reason.BUSY));
    for (int round = 0; round < 20_000; round++) {
      ByteBuffer bytes = PeerEncoder.encode(messages.get(random.nextInt(messages.size())));
      byte[] spoilt = new byte[random.nextInt(bytes.remaining() + 4)];
      bytes.get(spoilt, 0, Math.min(spoilt.length, bytes.remaining()));
      for (int i = random.nextInt(3); i > 0 && spoilt.length > 0; i--) {
        spoilt[random.nextInt(spoilt.length)] = (byte) random.nextInt();
      }
      ByteBuffer in = ByteBuffer.wrap(spoilt);
      try {
        byte kind = in.hasRemaining() ? PeerDecoder.kind(in) : 0;
        PeerDecoder.decode(kind, in, file -> 100);
      } catch (IOException expected) {
        assertTrue(!expected.getMessage().isEmpty());
      }
    }
  }

  @Test
  void shouldRefuseMapsOfTooManyPieces() {
    ByteBuffer bytes = ByteBuffer.allocate(20).putLong(FILE).putInt(1 << 30).putInt(1).flip();
    assertThrows(IOException.class, () -> PeerDecoder.decode((byte) 3, bytes, file -> 100));
  }

  @Test
  void shouldLeaveOutWhatIsAboutPiecesThatThereAreNot() throws IOException {
    Bitfield map = new Bitfield(FILE, bits(100), bits(100), bits(100), 1, true);
    assertTrue(again(map, 100).isPresent());
    assertTrue(again(map, 99).isEmpty(), "cut in another way");
    assertTrue(again(map, -1).isEmpty(), "not known");
    assertTrue(again(new Rumour(FILE, new int[] {5}, new int[0]), -1).isEmpty());
    assertTrue(again(new Offer(FILE, 12), -1).isPresent(), "it waits for an answer");
  }
}
