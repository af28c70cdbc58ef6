// SPDX-License-Identifier: Apache-2.0
package io.mows.channel.netty.sending;

/**
 * How much payload goes into one frame. What is sent while a frame is being written waits for the
 * rest of it, so a frame is what the connection moves in a moment, and not less than what is worth
 * its trouble: each costs the same however long it is. For the connection's thread.
 */
public final class FrameSize {
  /** How long a frame may keep others waiting, unless it is of the least size. */
  private static final long MOMENT_NS = 2_000_000;

  /**
   * What is moved in so long says how fast the connection is. The kernel takes the first half MiB
   * at once, whatever the link.
   */
  private static final long WINDOW_NS = 8_000_000;

  /** Frames begin where a page of the file does, if pieces do. */
  private static final int STEP_BYTES = 64 << 10;

  private final int leastBytes;
  private final int mostBytes;
  private int bytes;
  private long windowStartNs;
  private long windowBytes;

  /**
   * @param leastBytes what there is to begin with
   */
  public FrameSize(int leastBytes, int mostBytes, long nowNs) {
    this.leastBytes = leastBytes;
    this.mostBytes = mostBytes;
    this.bytes = leastBytes;
    this.windowStartNs = nowNs;
  }

  /** At most so much into the next frame. */
  public int bytes() {
    return bytes;
  }

  /** The kernel has taken a frame with so much payload. */
  public void written(int count, long nowNs) {
    windowBytes += count;
    long passedNs = nowNs - windowStartNs;
    if (passedNs < WINDOW_NS) {
      return;
    }
    double inAMoment = (double) windowBytes * MOMENT_NS / passedNs;
    int steps = (int) Math.min(inAMoment, mostBytes) / STEP_BYTES;
    bytes = Math.max(leastBytes, steps * STEP_BYTES);
    windowStartNs = nowNs;
    windowBytes = 0;
  }
}
