// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.locator.protocol;

import io.mows.p2p.locator.PeerInfo;
import io.mows.p2p.locator.protocol.LocatorEntry.Departure;
import io.mows.p2p.locator.wire.WireException;
import io.mows.p2p.locator.wire.WireReader;

/** Reads the entries that {@link LocatorEntry#toBytes} wrote. */
public final class EntryCodec {
  private EntryCodec() {}

  /**
   * @throws WireException if it cannot be read, by this version at least
   */
  public static LocatorEntry read(byte[] bytes) throws WireException {
    if (bytes.length > LocatorEntry.MAX_BYTES) {
      throw new WireException(
          "an entry has " + bytes.length + " bytes, above " + LocatorEntry.MAX_BYTES);
    }
    WireReader in = new WireReader(bytes);
    int version = in.readByte();
    if (version != LocatorEntry.VERSION) {
      throw new WireException(
          "an entry is of version "
              + version
              + ", this is "
              + LocatorEntry.VERSION
              + ": upgrade all workers");
    }
    int kind = in.readByte();
    String peerId = in.readText(PeerInfo.MAX_ID_BYTES, "a peer id");
    long session = in.readLong();
    LocatorEntry entry;
    switch (kind) {
      case Announcement.KIND:
        entry = Announcement.readBody(peerId, session, in);
        break;
      case Departure.KIND:
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
}
