// SPDX-License-Identifier: Apache-2.0
package io.mows.channel.netty.sending;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

final class FrameSizeTest {
  private static final int LEAST_BYTES = 256 << 10;
  private static final int MOST_BYTES = 1 << 20;
  private static final long MS = 1_000_000;

  private final FrameSize size = new FrameSize(LEAST_BYTES, MOST_BYTES, 0);
  private long nowNs;

  /** Frames one after the other, for so long. */
  private void send(double bytesPerSecond, long forNs) {
    long endNs = nowNs + forNs;
    while (nowNs < endNs) {
      int frame = size.bytes();
      nowNs += (long) (frame * 1e9 / bytesPerSecond);
      size.written(frame, nowNs);
    }
  }

  @Test
  void shouldBeSmallWhereALinkIsSlow() {
    send(125e6, 100 * MS);
    assertEquals(LEAST_BYTES, size.bytes());
  }

  @Test
  void shouldBeWhatAFastLinkMovesInAMoment() {
    send(400e6, 100 * MS);
    assertEquals(768 << 10, size.bytes());
    send(2e9, 100 * MS);
    assertEquals(MOST_BYTES, size.bytes());
  }

  @Test
  void shouldBeSmallAgainWhenOthersTakeTheLink() {
    send(2e9, 100 * MS);
    send(50e6, 100 * MS);
    assertEquals(LEAST_BYTES, size.bytes());
  }

  @Test
  void shouldNotTakeWhatTheKernelHoldsForWhatTheLinkMoves() {
    size.written(LEAST_BYTES, 10_000);
    size.written(LEAST_BYTES, 20_000);
    size.written(LEAST_BYTES, 10 * MS);
    assertEquals(LEAST_BYTES, size.bytes());
  }

  @Test
  void shouldStayWhereThereIsNoChoice() {
    FrameSize fixed = new FrameSize(128 << 10, 128 << 10, 0);
    fixed.written(1 << 30, 10 * MS);
    assertEquals(128 << 10, fixed.bytes());
  }
}
