// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.fuse.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;

final class HandshakeTest {
  private static final int INIT = 26;
  private static final int MORE = 1 << 30;
  private static final int PASSTHROUGH = 1 << 5;

  private final ByteBuffer out = ByteBuffer.allocate(100).order(ByteOrder.nativeOrder());

  private ByteBuffer agree(Handshake handshake, int major, int minor) throws IOException {
    handshake.agree(
        RequestBytes.of(INIT, 0).ints(major, minor, 131_072, 1 | MORE, PASSTHROUGH).request(), out);
    return out.flip();
  }

  @Test
  void shouldAskForPassthroughOnlyIfItIsWanted() throws IOException {
    Handshake wanting = new Handshake(true);
    assertEquals(64, agree(wanting, 7, 40).remaining());
    assertTrue(wanting.passesThrough());
    out.clear();
    Handshake other = new Handshake(false);
    assertEquals(64, agree(other, 7, 40).remaining());
    assertFalse(other.passesThrough());
    assertEquals(1 | MORE, out.getInt(12));
    assertEquals(0, out.getInt(32));
  }

  /** They refuse a longer answer. */
  @Test
  void shouldAnswerOldKernelsShortly() throws IOException {
    assertEquals(24, agree(new Handshake(true), 7, 22).remaining());
    assertEquals(4096, out.getInt(20));
  }

  @Test
  void shouldNotBeFinishedBeforeItHasAgreed() throws Exception {
    Handshake handshake = new Handshake(true);
    assertThrows(IOException.class, () -> agree(handshake, 8, 0));
    handshake.finished();
    assertFalse(handshake.await(0));
    agree(handshake, 7, 40);
    handshake.finished();
    assertTrue(handshake.await(0));
  }
}
