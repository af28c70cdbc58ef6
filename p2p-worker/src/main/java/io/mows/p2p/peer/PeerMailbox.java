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
  boolean handle(PeerConnection connection, int lengthBytes, Runnable task) {
    Backlog backlog = backlogs.get(connection);
    if (backlog == null) {
      return false;
    }
    backlog.came(lengthBytes);
    boolean taken =
        engineThread.test(
            () -> {
              if (!closed) {
                backlog.handled(lengthBytes);
                task.run();
              }
            });
    if (!taken) {
      backlog.handled(lengthBytes);
    }
    return taken;
  }

  /** Nothing that comes is handled any more. */
  @Override
  public void close() {
    closed = true;
  }
}
