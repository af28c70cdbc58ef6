// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.locator.protocol;

import io.mows.p2p.locator.wire.WireWriter;

/**
 * Something that changes the directory: an announcement, a {@link Departure}, a digest or something
 * about jobs. {@code EntryCodec} reads it, and the members' state is what it changes. Immutable.
 */
public abstract class LocatorEntry {
  /** Entries above this size are refused. */
  public static final int MAX_BYTES = 1 << 20;

  /** Of what {@link #toBytes} writes. */
  static final int VERSION = 1;

  private final String peerId;
  private final long session;

  /**
   * @param session when the peer's process started, in ms: of two processes with one id the younger
   *     one counts
   */
  LocatorEntry(String peerId, long session) {
    this.peerId = peerId;
    this.session = session;
  }

  public final String peerId() {
    return peerId;
  }

  public final long session() {
    return session;
  }

  abstract void writeBody(WireWriter out);

  /** Tells the reader what the body is. */
  public abstract int kind();

  public final byte[] toBytes() {
    WireWriter out = new WireWriter();
    out.putByte(VERSION);
    out.putByte(kind());
    out.putText(peerId).putLong(session);
    writeBody(out);
    return out.toBytes();
  }

  /** A peer closes: forget it now instead of when its lease ends. */
  public static final class Departure extends LocatorEntry {
    public static final int KIND = 2;

    public Departure(String peerId, long session) {
      super(peerId, session);
    }

    @Override
    public int kind() {
      return KIND;
    }

    @Override
    void writeBody(WireWriter out) {}
  }
}
