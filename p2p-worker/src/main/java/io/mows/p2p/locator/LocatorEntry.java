// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.locator;

/**
 * Something that changes the directory: an {@link Announcement}, a {@link Departure}, a {@link
 * DigestEntry} or a {@link JobEntry}. Immutable.
 */
abstract class LocatorEntry {
  /** Entries above this size are refused. */
  static final int MAX_BYTES = 1 << 20;

  private static final int VERSION = 1;
  private static final int ANNOUNCEMENT = 1;
  private static final int DEPARTURE = 2;

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

  final String peerId() {
    return peerId;
  }

  final long session() {
    return session;
  }

  /** Changes {@code draft} and says what became of the entry. */
  abstract AnnounceReply applyTo(StateDraft draft);

  abstract void writeBody(WireWriter out);

  /** Tells the reader what the body is. */
  int kind() {
    return this instanceof Announcement ? ANNOUNCEMENT : DEPARTURE;
  }

  final byte[] toBytes() {
    WireWriter out = new WireWriter();
    out.putByte(VERSION);
    out.putByte(kind());
    out.putText(peerId).putLong(session);
    writeBody(out);
    return out.toBytes();
  }

  static LocatorEntry read(byte[] bytes) throws WireException {
    if (bytes.length > MAX_BYTES) {
      throw new WireException("an entry has " + bytes.length + " bytes, above " + MAX_BYTES);
    }
    WireReader in = new WireReader(bytes);
    int version = in.readByte();
    if (version != VERSION) {
      throw new WireException(
          "an entry is of version " + version + ", this is " + VERSION + ": upgrade all workers");
    }
    int kind = in.readByte();
    String peerId = in.readText(PeerInfo.MAX_ID_BYTES, "a peer id");
    long session = in.readLong();
    LocatorEntry entry;
    switch (kind) {
      case ANNOUNCEMENT:
        entry = Announcement.readBody(peerId, session, in);
        break;
      case DEPARTURE:
        entry = new Departure(peerId, session);
        break;
      case DigestEntry.KIND:
        entry = DigestEntry.readBody(peerId, session, in);
        break;
      default:
        entry = JobEntry.readBody(kind, peerId, session, in);
    }
    if (entry == null) {
      throw new WireException("an entry is of unknown kind " + kind + ": upgrade all workers");
    }
    in.expectEnd();
    return entry;
  }

  /** A peer closes: forget it now instead of when its lease ends. */
  static final class Departure extends LocatorEntry {
    Departure(String peerId, long session) {
      super(peerId, session);
    }

    @Override
    AnnounceReply applyTo(StateDraft draft) {
      return draft.depart(this);
    }

    @Override
    void writeBody(WireWriter out) {}
  }
}
