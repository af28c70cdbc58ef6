// SPDX-License-Identifier: Apache-2.0
package io.mows.it.origin;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.jetty.io.Connection;

/** The open TCP connections of the origin: how many, and the line of each. Thread-safe. */
final class Connections implements Connection.Listener {
  private final Map<Connection, ConnectionLine> lines = new ConcurrentHashMap<>();
  private int open;
  private int peak;

  @Override
  public void onOpened(Connection connection) {
    lines.put(connection, new ConnectionLine());
    synchronized (this) {
      open++;
      peak = Math.max(peak, open);
    }
  }

  @Override
  public void onClosed(Connection connection) {
    if (lines.remove(connection) != null) {
      synchronized (this) {
        open--;
      }
    }
  }

  /** The line of a connection; a fresh one if it closed in the meantime. */
  ConnectionLine lineOf(Connection connection) {
    return lines.getOrDefault(connection, new ConnectionLine());
  }

  synchronized int open() {
    return open;
  }

  synchronized int peak() {
    return peak;
  }

  synchronized void resetPeak() {
    peak = open;
  }
}
