// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.peer;

import io.mows.channel.PeerConnection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/**
 * Brings what comes on connections to the engine's thread, in order, and reads no more from each
 * than that thread keeps up with ({@link Backlog}). Thread-safe.
 */
final class PeerMailbox implements AutoCloseable {
  private final Predicate<Runnable> engineThread;
  private final Map<PeerConnection, Backlog> backlogs = new ConcurrentHashMap<>();
  private volatile boolean closed;

  /**
   * @param engineThread runs a task on the engine's thread, never at once; false if that has ended
   */
  PeerMailbox(Predicate<Runnable> engineThread) {
    this.engineThread = engineThread;
  }

  void connected(PeerConnection connection) {
    backlogs.put(connection, new Backlog(connection));
  }

  void disconnected(PeerConnection connection) {
    backlogs.remove(connection);
  }

  /** Whether a message of this kind is worth to be handled. For the connection's thread. */
  boolean admits(PeerConnection connection, byte kind) {
    Backlog backlog = backlogs.get(connection);
    return backlog != null && backlog.admits(kind);
  }

  /**
   * Runs a task on the engine's thread, unless this is closed by then.
   *
   * @return false if that thread has ended
   */
  boolean run(Runnable task) {
    return engineThread.test(
        () -> {
          if (!closed) {
            task.run();
          }
        });
  }

  /** As {@link #run}, what has come on this connection; false also if that is gone. */
  boolean handle(PeerConnection connection, Arrival arrival) {
    Backlog backlog = backlogs.get(connection);
    if (backlog == null) {
      return false;
    }
    arrival.backlog = backlog;
    backlog.came(arrival.lengthBytes);
    boolean taken = engineThread.test(arrival);
    if (!taken) {
      backlog.dropped(arrival.lengthBytes);
    }
    return taken;
  }

  /**
   * Something that has come on a connection: one object only, for each one that is made by one
   * thread and read by another costs that one as much as a small task.
   */
  abstract class Arrival implements Runnable {
    private final int lengthBytes;
    private Backlog backlog;

    Arrival(int lengthBytes) {
      this.lengthBytes = lengthBytes;
    }

    /** Deals with it, on the engine's thread. */
    abstract void handle();

    @Override
    public final void run() {
      if (!closed) {
        backlog.handled(lengthBytes);
        handle();
      }
    }
  }

  /** Nothing that comes is handled any more. */
  @Override
  public void close() {
    closed = true;
  }
}
