// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.swarm.state;

/** How long a piece from a peer takes, and how long to wait for one that takes longer. */
public final class Patience {
  private static final long FIRST_GUESS_NS = 2_000_000_000L;
  private static final long MIN_NS = 100_000_000L;
  private static final double NEW_SAMPLE_WEIGHT = 0.2;

  private double typicalNs = FIRST_GUESS_NS;
  private double typicalBytesPerNs;
  private boolean measured;

  /** A piece has come. */
  public void measured(long bytes, long durationNs) {
    double weight = measured ? NEW_SAMPLE_WEIGHT : 1;
    typicalNs += weight * (durationNs - typicalNs);
    typicalBytesPerNs += weight * ((double) bytes / Math.max(1, durationNs) - typicalBytesPerNs);
    measured = true;
  }

  public double typicalBytesPerNs() {
    return typicalBytesPerNs;
  }

  /** So many times as long as a piece takes. */
  public long ns(int factor) {
    return (long) Math.max(MIN_NS, typicalNs * factor);
  }
}
