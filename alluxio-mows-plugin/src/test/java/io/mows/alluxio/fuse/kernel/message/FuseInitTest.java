// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.fuse.kernel.message;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mows.alluxio.fuse.kernel.RequestBytes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;

final class FuseInitTest {
  private static final int INIT = 26;
  private static final int MORE = 1 << 30;
  private static final int PASSTHROUGH = 1 << 5;

  private final ByteBuffer out = ByteBuffer.allocate(100).order(ByteOrder.nativeOrder());

  private ByteBuffer agree(FuseInit init, int major, int minor) throws IOException {
    init.agree(
        RequestBytes.of(INIT, 0).ints(major, minor, 131_072, 1 | MORE, PASSTHROUGH).request(), out);
    return out.flip();
  }

  @Test
  void shouldAskForPassthroughOnlyIfItIsWanted() throws IOException {
    FuseInit wanting = new FuseInit(true);
    assertEquals(64, agree(wanting, 7, 40).remaining());
    assertTrue(wanting.passesThrough());
    out.clear();
    FuseInit other = new FuseInit(false);
    assertEquals(64, agree(other, 7, 40).remaining());
    assertFalse(other.passesThrough());
    assertEquals(1 | MORE, out.getInt(12));
    assertEquals(0, out.getInt(32));
  }

  /** They refuse a longer answer. */
  @Test
  void shouldAnswerOldKernelsShortly() throws IOException {
    assertEquals(24, agree(new FuseInit(true), 7, 22).remaining());
    assertEquals(4096, out.getInt(20));
  }

  @Test
  void shouldNotBeFinishedBeforeItHasAgreed() throws Exception {
    FuseInit init = new FuseInit(true);
    assertThrows(IOException.class, () -> agree(init, 8, 0));
    init.finished();
    assertFalse(init.await(0));
    agree(init, 7, 40);
    init.finished();
    assertTrue(init.await(0));
  }
}
