// SPDX-License-Identifier: Apache-2.0
package io.mows.channel;

/** Whether a provider can work on this machine, and in words for the operator why. Immutable. */
public final class Availability {
  private final boolean available;
  private final String explanation;

  private Availability(boolean available, String explanation) {
    this.available = available;
    this.explanation = explanation;
  }

  /**
   * @param how what will be used, such as "epoll"
   */
  public static Availability yes(String how) {
    return new Availability(true, how);
  }

  /**
   * @param why what is missing and what to do about it
   */
  public static Availability no(String why) {
    return new Availability(false, why);
  }

  public boolean isAvailable() {
    return available;
  }

  public String explanation() {
    return explanation;
  }

  @Override
  public String toString() {
    return (available ? "available: " : "not available: ") + explanation;
  }
}
