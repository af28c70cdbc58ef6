// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.locator;

/** How a worker gets on with the directory. Immutable. */
public final class LocatorHealth {
  /** What the directory is to this worker. */
  public enum State {
    /** Nothing has been heard of it yet. */
    CONNECTING,
    /** The last announcement got through. */
    UP,
    /** The last announcement failed: what is known is what was last heard. */
    DOWN,
    /** Another, younger process announces under this worker's id; this one stopped. */
    REPLACED
  }

  private final State state;
  private final long silentMs;
  private final long epoch;
  private final int peers;
  private final String directory;
  private final String failure;

  public LocatorHealth(
      State state, long silentMs, long epoch, int peers, String directory, String failure) {
    this.state = state;
    this.silentMs = silentMs;
    this.epoch = epoch;
    this.peers = peers;
    this.directory = directory;
    this.failure = failure;
  }

  public State state() {
    return state;
  }

  /** How long ago the directory was last heard, or the worker started, in ms. */
  public long silentMs() {
    return silentMs;
  }

  /** Which life of the directory was last heard; 0 if none. */
  public long epoch() {
    return epoch;
  }

  /** Whether there was no other worker when the directory was last heard. */
  public boolean isAlone() {
    return peers == 1;
  }

  /** Where the directory is. */
  public String directory() {
    return directory;
  }

  /** Why the last announcement failed; empty if it did not. */
  public String failure() {
    return failure;
  }

  @Override
  public String toString() {
    return "locator "
        + directory
        + " "
        + state
        + (failure.isEmpty() ? "" : " (" + failure + ")")
        + ", last heard "
        + silentMs
        + " ms ago";
  }
}
