// SPDX-License-Identifier: Apache-2.0
package io.mows.channel;

import java.util.Locale;

/** Which data channel the operator wants: the values of {@code alluxio.mows.channel}. */
public enum ChannelChoice {
  /** The best that works here. */
  AUTO,
  TCP,
  RDMA;

  /**
   * @throws IllegalArgumentException if {@code value} is none of them
   */
  public static ChannelChoice parse(String value) {
    for (ChannelChoice choice : values()) {
      if (choice.providerName().equals(value)) {
        return choice;
      }
    }
    throw new IllegalArgumentException(
        "alluxio.mows.channel is \"" + value + "\": set it to auto, tcp or rdma");
  }

  /** The name as the operator writes it. */
  public String providerName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
