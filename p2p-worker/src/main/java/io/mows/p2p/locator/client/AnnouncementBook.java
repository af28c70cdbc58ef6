// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.locator.client;

import io.mows.p2p.locator.Coverage;
import io.mows.p2p.locator.FileInfo;
import io.mows.p2p.locator.PeerInfo;
import io.mows.p2p.locator.PeerLoad;
import io.mows.p2p.locator.protocol.Announcement;
import io.mows.p2p.locator.protocol.FileChange;
import io.mows.p2p.locator.protocol.LocatorEntry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What this worker has, what of that the directory has confirmed, and so what to say next. Sends
 * the last value of what changed since the last confirmed announcement; so one that got lost, or
 * whose reply got lost, needs no special care. Thread-safe.
 */
final class AnnouncementBook {
  /** Far below {@link LocatorEntry#MAX_BYTES}; more follows in the next announcement. */
  private static final int BATCH_BYTES = 256 << 10;

  private static final int CHANGE_BYTES = 24;

  private final PeerInfo peer;
  private final long session;
  private final long leaseMs;
  private final Map<Long, Line> lines = new HashMap<>();
  private final Set<Long> unconfirmed = new LinkedHashSet<>();
  private final Set<Long> introduced = new HashSet<>();
  private boolean fullNeeded = true;
  private boolean urgent;
  private long lastSeq;
  private long confirmedSeq;

  AnnouncementBook(PeerInfo peer, long session, long leaseMs) {
    this.peer = peer;
    this.session = session;
    this.leaseMs = leaseMs;
  }

  /**
   * Returns whether the next announcement should not wait for the heartbeat, and the one before
   * this call could have.
   */
  synchronized boolean put(FileInfo file, Coverage coverage) {
    Line line = lines.get(file.id());
    if (line != null && line.coverage == coverage && line.file.equals(file)) {
      return false;
    }
    if (line == null || !line.file.equals(file)) {
      introduced.remove(file.id());
      line = new Line(file);
      lines.put(file.id(), line);
    }
    line.coverage = coverage;
    unconfirmed.add(file.id());
    return hurry(line.sent == null || line.sent.isFarFrom(coverage));
  }

  private boolean hurry(boolean isUrgent) {
    boolean isNews = isUrgent && !urgent;
    urgent |= isUrgent;
    return isNews;
  }

  /** Returns as {@link #put}. */
  synchronized boolean remove(long fileId) {
    boolean isKnown = lines.remove(fileId) != null;
    if (isKnown) {
      unconfirmed.add(fileId);
    }
    return hurry(isKnown);
  }

  synchronized boolean isUrgent() {
    return urgent;
  }

  /** The next announcement; there is always one, if only to say that this peer lives. */
  synchronized Draft next(PeerLoad load) {
    if (fullNeeded) {
      introduced.clear();
      unconfirmed.clear();
      unconfirmed.addAll(lines.keySet());
    }
    Map<Long, Coverage> said = new HashMap<>();
    List<FileChange> changes = new ArrayList<>();
    int bytes = 0;
    for (long fileId : unconfirmed) {
      if (bytes >= BATCH_BYTES) {
        break;
      }
      FileChange change = change(fileId);
      changes.add(change);
      said.put(fileId, change.coverage());
      bytes += CHANGE_BYTES + (change.isPut() ? 3 * change.file().path().length() : 0);
    }
    boolean isAll = said.size() == unconfirmed.size();
    urgent = !isAll;
    lastSeq++;
    Announcement entry =
        fullNeeded
            ? Announcement.full(peer, session, lastSeq, leaseMs, load, changes)
            : Announcement.delta(peer.id(), session, lastSeq, confirmedSeq, leaseMs, load, changes);
    return new Draft(entry, said, isAll);
  }

  private FileChange change(long fileId) {
    Line line = lines.get(fileId);
    if (line == null) {
      return FileChange.remove(fileId);
    }
    line.sent = line.coverage;
    return introduced.contains(fileId)
        ? FileChange.update(fileId, line.coverage)
        : FileChange.put(line.file, line.coverage);
  }

  /**
   * The directory has heard {@code draft}.
   *
   * @param isStored whether it had room for all of it
   */
  synchronized void confirmed(Draft draft, boolean isStored) {
    confirmedSeq = draft.entry.seq();
    fullNeeded = false;
    draft.said.forEach(
        (fileId, coverage) -> {
          Line line = lines.get(fileId);
          if (line != null && coverage != null && isStored) {
            introduced.add(fileId);
          } else {
            introduced.remove(fileId);
          }
          Coverage now = line == null ? null : line.coverage;
          if (now == coverage) {
            unconfirmed.remove(fileId);
          }
        });
  }

  /** The directory knows nothing of this session: all has to be said again. */
  synchronized void forgotten() {
    fullNeeded = true;
    urgent = true;
  }

  /** Takes leave. */
  LocatorEntry departure() {
    return new LocatorEntry.Departure(peer.id(), session);
  }

  /** Whether the directory has confirmed all that was written here. */
  synchronized boolean confirmedAll() {
    return !fullNeeded && unconfirmed.isEmpty();
  }

  /** An announcement that is on its way. */
  static final class Draft {
    private final Announcement entry;
    private final Map<Long, Coverage> said;
    private final boolean isAll;

    Draft(Announcement entry, Map<Long, Coverage> said, boolean isAll) {
      this.entry = entry;
      this.said = said;
      this.isAll = isAll;
    }

    /** Whether no change is left for the next one. */
    boolean isAll() {
      return isAll;
    }

    Announcement entry() {
      return entry;
    }
  }

  private static final class Line {
    final FileInfo file;
    Coverage coverage;
    Coverage sent;

    Line(FileInfo file) {
      this.file = file;
    }
  }
}
