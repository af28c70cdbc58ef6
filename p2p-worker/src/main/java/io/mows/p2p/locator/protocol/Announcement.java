// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.locator.protocol;

import io.mows.p2p.locator.PeerInfo;
import io.mows.p2p.locator.PeerLoad;
import io.mows.p2p.locator.wire.WireException;
import io.mows.p2p.locator.wire.WireReader;
import io.mows.p2p.locator.wire.WireWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * One heartbeat of one peer: it lives, it is this busy, and these files changed. A full one says
 * all that the peer has; the others say what changed since entry {@link #base} and are refused
 * where that is not known, so nothing can get lost unnoticed. Immutable.
 */
public final class Announcement extends LocatorEntry {
  public static final int KIND = 1;
  public static final long MIN_LEASE_MS = 500;
  public static final long MAX_LEASE_MS = 600_000;
  static final int MAX_CHANGES = 50_000;

  private static final int DELTA = 0;
  private static final int FULL = 1;

  private final PeerInfo peer;
  private final long seq;
  private final long base;
  private final long leaseMs;
  private final PeerLoad load;
  private final List<FileChange> changes;

  private Announcement(
      String peerId,
      long session,
      PeerInfo peer,
      long seq,
      long base,
      long leaseMs,
      PeerLoad load,
      List<FileChange> changes) {
    super(peerId, session);
    this.peer = peer;
    this.seq = seq;
    this.base = base;
    this.leaseMs = leaseMs;
    this.load = load;
    this.changes = changes;
  }

  /** All that the peer has: what is not in {@code changes} it has not. */
  public static Announcement full(
      PeerInfo peer,
      long session,
      long seq,
      long leaseMs,
      PeerLoad load,
      List<FileChange> changes) {
    return new Announcement(
        peer.id(), session, Objects.requireNonNull(peer), seq, 0, leaseMs, load, changes);
  }

  /** What changed since {@code base}, a number that the directory has confirmed. */
  public static Announcement delta(
      String peerId,
      long session,
      long seq,
      long base,
      long leaseMs,
      PeerLoad load,
      List<FileChange> changes) {
    return new Announcement(peerId, session, null, seq, base, leaseMs, load, changes);
  }

  public boolean isFull() {
    return peer != null;
  }

  /** Null unless {@link #isFull}. */
  public PeerInfo peer() {
    return peer;
  }

  /** Counts the announcements of one session, from 1. */
  public long seq() {
    return seq;
  }

  public long base() {
    return base;
  }

  /** How long the peer counts as alive after this. */
  public long leaseMs() {
    return leaseMs;
  }

  public PeerLoad load() {
    return load;
  }

  public List<FileChange> changes() {
    return changes;
  }

  @Override
  public int kind() {
    return KIND;
  }

  @Override
  void writeBody(WireWriter out) {
    if (isFull()) {
      out.putByte(FULL);
      peer.write(out);
    } else {
      out.putByte(DELTA).putNumber(base);
    }
    out.putNumber(seq).putNumber(leaseMs);
    load.write(out);
    out.putNumber(changes.size());
    changes.forEach(change -> change.write(out));
  }

  static Announcement readBody(String peerId, long session, WireReader in) throws WireException {
    int form = in.readByte();
    if (form > FULL) {
      throw new WireException("an announcement is of unknown form " + form);
    }
    PeerInfo peer = form == FULL ? PeerInfo.read(in) : null;
    if (peer != null && !peer.id().equals(peerId)) {
      throw new WireException("an announcement has two peer ids");
    }
    long base = form == FULL ? 0 : in.readNumber(Long.MAX_VALUE, "a base");
    long seq = in.readNumber(Long.MAX_VALUE, "a sequence number");
    long leaseMs = in.readNumber(MAX_LEASE_MS, "a lease");
    if (leaseMs < MIN_LEASE_MS) {
      throw new WireException("a lease is " + leaseMs + " ms, below " + MIN_LEASE_MS);
    }
    PeerLoad load = PeerLoad.read(in);
    int count = in.readCount(MAX_CHANGES, "changes");
    List<FileChange> changes = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      FileChange change = FileChange.read(in);
      if (form == FULL && !change.isPut()) {
        throw new WireException("a full announcement holds a change");
      }
      changes.add(change);
    }
    return new Announcement(peerId, session, peer, seq, base, leaseMs, load, changes);
  }
}
