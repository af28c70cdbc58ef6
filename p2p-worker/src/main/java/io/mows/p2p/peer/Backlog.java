// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.peer;

import io.mows.channel.PeerConnection;

/**
 * What has come on one connection and is not handled yet. While that is too much the connection is
 * not read, so that what a peer says faster than it can be heard waits at the peer. Thread-safe,
 * but for {@link #admits}.
 */
final class Backlog {
  static final int MAX_EVENTS = 256;
  static final int MAX_BYTES = 1 << 20;

  private final PeerConnection connection;
  private boolean greeted;
  private int events;
  private long bytes;
  private boolean paused;

  Backlog(PeerConnection connection) {
    this.connection = connection;
  }

  /**
   * Whether a message of this kind is worth to be handled: whoever has not greeted has nothing to
   * say, but that it wants to be dialled. For the connection's thread.
   */
  boolean admits(byte kind) {
    greeted |= kind == PeerKinds.GREETING;
    return greeted || kind == DialMessages.DIAL_ME;
  }

  /** Something has come, and {@link #handled} follows. */
  synchronized void came(int lengthBytes) {
    events++;
    bytes += lengthBytes;
    if (!paused && (events >= MAX_EVENTS || bytes >= MAX_BYTES)) {
      paused = true;
      connection.setReading(false);
    }
  }

  /** It has been dealt with. */
  synchronized void handled(int lengthBytes) {
    events--;
    bytes -= lengthBytes;
    if (paused && events <= MAX_EVENTS / 2 && bytes <= MAX_BYTES / 2) {
      paused = false;
      connection.setReading(true);
    }
  }
}
