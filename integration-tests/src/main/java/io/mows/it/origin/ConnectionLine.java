// SPDX-License-Identifier: Apache-2.0
package io.mows.it.origin;

/** The share of one TCP connection: its pacer outlives the requests on it. Thread-safe. */
final class ConnectionLine {
  private Shaping pacedFor;
  private Pacer pacer;

  /** The connection's pacer under {@code shaping}, or null if connections are not limited. */
  synchronized Pacer pacerFor(Shaping shaping) {
    if (pacedFor != shaping) {
      pacedFor = shaping;
      long rate = shaping.connectionBytesPerSecond();
      pacer = rate == 0 ? null : new Pacer(rate);
    }
    return pacer;
  }
}
