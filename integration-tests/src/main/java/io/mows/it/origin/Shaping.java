// SPDX-License-Identifier: Apache-2.0
package io.mows.it.origin;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;

/** How fast the origin answers. Immutable; zero means no limit and no delay. */
public final class Shaping {
  private static final Shaping UNSHAPED = new Shaping(0, 0, 0);

  private final long totalBytesPerSecond;
  private final long connectionBytesPerSecond;
  private final long firstByteDelayMs;

  @JsonCreator
  private Shaping(
      @JsonProperty("totalBytesPerSecond") long totalBytesPerSecond,
      @JsonProperty("connectionBytesPerSecond") long connectionBytesPerSecond,
      @JsonProperty("firstByteDelayMs") long firstByteDelayMs) {
    this.totalBytesPerSecond = notNegative("totalBytesPerSecond", totalBytesPerSecond);
    this.connectionBytesPerSecond =
        notNegative("connectionBytesPerSecond", connectionBytesPerSecond);
    this.firstByteDelayMs = notNegative("firstByteDelayMs", firstByteDelayMs);
  }

  public static Shaping unshaped() {
    return UNSHAPED;
  }

  /** Caps the body bytes of all connections together, which share the cap fairly. */
  public Shaping withTotalBytesPerSecond(long bytesPerSecond) {
    return new Shaping(bytesPerSecond, connectionBytesPerSecond, firstByteDelayMs);
  }

  /** Caps the body bytes of each connection. */
  public Shaping withConnectionBytesPerSecond(long bytesPerSecond) {
    return new Shaping(totalBytesPerSecond, bytesPerSecond, firstByteDelayMs);
  }

  /** Delays every answer, as a distant origin does. */
  public Shaping withFirstByteDelayMs(long delayMs) {
    return new Shaping(totalBytesPerSecond, connectionBytesPerSecond, delayMs);
  }

  @JsonProperty
  public long totalBytesPerSecond() {
    return totalBytesPerSecond;
  }

  @JsonProperty
  public long connectionBytesPerSecond() {
    return connectionBytesPerSecond;
  }

  @JsonProperty
  public long firstByteDelayMs() {
    return firstByteDelayMs;
  }

  private static long notNegative(String name, long value) {
    if (value < 0) {
      throw new IllegalArgumentException(
          name + " is " + value + "; use 0 for none or a positive number");
    }
    return value;
  }
}
