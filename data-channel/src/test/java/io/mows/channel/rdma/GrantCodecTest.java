// SPDX-License-Identifier: Apache-2.0
package io.mows.channel.rdma;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.mows.channel.CloseReason;
import io.mows.channel.wire.ProtocolException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

final class GrantCodecTest {
  private static void assertMalformed(Executable decoding) {
    assertEquals(
        CloseReason.MALFORMED_FRAME, assertThrows(ProtocolException.class, decoding).reason());
  }

  @Test
  void shouldCarryAnOffer() throws Exception {
    byte[] token = new byte[Verbs.TOKEN_BYTES];
    Arrays.fill(token, (byte) 7);
    InetSocketAddress address =
        new InetSocketAddress(InetAddress.getByAddress(new byte[] {10, 0, -1, 1}), 65_535);
    byte[] encoded = GrantCodec.encodeOffer(address, token);
    assertEquals(address, GrantCodec.decodeOffer(encoded).address());
    assertArrayEquals(token, GrantCodec.decodeOffer(encoded).token());
    assertMalformed(() -> GrantCodec.decodeOffer(Arrays.copyOf(encoded, encoded.length - 1)));
    assertMalformed(() -> GrantCodec.decodeOffer(Arrays.copyOf(encoded, encoded.length + 1)));
  }

  @Test
  void shouldCarryAGrant() throws Exception {
    byte[] encoded =
        GrantCodec.encodeGrant(
            List.of(new GrantCodec.Part(-1, -2, 3), new GrantCodec.Part(4L << 40, 5, 6)));
    List<GrantCodec.Part> parts = GrantCodec.decodeGrant(encoded, 9);
    assertEquals(-1, parts.get(0).address());
    assertEquals(-2, parts.get(0).key());
    assertEquals(3, parts.get(0).lengthBytes());
    assertEquals(4L << 40, parts.get(1).address());
    assertMalformed(() -> GrantCodec.decodeGrant(encoded, 10));
    assertMalformed(() -> GrantCodec.decodeGrant(new byte[0], 0));
    assertMalformed(() -> GrantCodec.decodeGrant(Arrays.copyOf(encoded, 31), 9));
  }

  @Test
  void shouldRefuseGrantsThatDoNotAddUp() {
    List<GrantCodec.Part> overflowing =
        List.of(
            new GrantCodec.Part(1, 1, Integer.MAX_VALUE),
            new GrantCodec.Part(1, 1, Integer.MAX_VALUE),
            new GrantCodec.Part(1, 1, 11));
    assertMalformed(() -> GrantCodec.decodeGrant(GrantCodec.encodeGrant(overflowing), 9));
    assertMalformed(
        () ->
            GrantCodec.decodeGrant(
                GrantCodec.encodeGrant(List.of(new GrantCodec.Part(1, 1, -9))), -9));
    List<GrantCodec.Part> many = Collections.nCopies(17, new GrantCodec.Part(1, 1, 1));
    assertMalformed(() -> GrantCodec.decodeGrant(GrantCodec.encodeGrant(many), 17));
  }
}
