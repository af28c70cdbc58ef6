// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.peer;

import io.mows.channel.PeerConnection;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What has come on one connection and is not handled yet. While that is too much the connection is
 * not read, so that what a peer says faster than it can be heard waits at the peer. Thread-safe,
 * but for {@link #admits} and {@link #handled}.
 *
 * <p>Who counts what comes looks only now and then how much of it has been handled: two threads
 * that change one place after the other wait for each other's processor, for each message.
 */
final class Backlog {
  static final int MAX_EVENTS = 256;
  static final int MAX_BYTES = 1 << 20;

  private final PeerConnection connection;
  private boolean greeted;

  /** Until now, as the next one. */
  private long cameEvents;

  private long cameBytes;

  /** Written by the thread that handles only. */
  private final AtomicLong handledEvents = new AtomicLong();

  private final AtomicLong handledBytes = new AtomicLong();

  /** What these two were when somebody looked. */
  private long knownEvents;

  private long knownBytes;
  private volatile boolean paused;

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

  /** Something has come, and {@link #handled} or {@link #dropped} follows. */
  synchronized void came(int lengthBytes) {
    cameEvents++;
    cameBytes += lengthBytes;
    if (!paused && isMoreThan(MAX_EVENTS - 1, MAX_BYTES - 1)) {
      look();
      if (isMoreThan(MAX_EVENTS - 1, MAX_BYTES - 1)) {
        // What has just come is handled after this, by somebody who sees it.
        paused = true;
        connection.setReading(false);
      }
    }
  }

  private boolean isMoreThan(long events, long bytes) {
    return cameEvents - knownEvents > events || cameBytes - knownBytes > bytes;
  }

  private void look() {
    knownEvents = handledEvents.get();
    knownBytes = handledBytes.get();
  }

  /** It has been dealt with. For one thread. */
  void handled(int lengthBytes) {
    handledEvents.lazySet(handledEvents.get() + 1);
    handledBytes.lazySet(handledBytes.get() + lengthBytes);
    if (paused) {
      goOn();
    }
  }

  /** It will not be dealt with. */
  synchronized void dropped(int lengthBytes) {
    cameEvents--;
    cameBytes -= lengthBytes;
    goOn();
  }

  private synchronized void goOn() {
    look();
    if (paused && !isMoreThan(MAX_EVENTS / 2, MAX_BYTES / 2)) {
      paused = false;
      connection.setReading(true);
    }
  }
}
