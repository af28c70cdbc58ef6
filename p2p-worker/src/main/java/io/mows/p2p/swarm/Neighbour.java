// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.swarm;

import io.mows.p2p.swarm.message.SwarmMember.Role;
import java.util.LinkedHashMap;
import java.util.Map;

/** What we know of one connected peer, over all files. */
final class Neighbour {
  private static final double NEW_SAMPLE_WEIGHT = 0.3;

  final long peerId;
  final Role role;

  /** By file id. */
  final Map<Long, NeighbourPieces> maps = new LinkedHashMap<>();

  /** How many connections with it there are, for pieces side by side. */
  int lanes = 1;

  int uploads;
  int downloads;

  /** How many more pieces it would take now, by its last message. */
  int freeSlots;

  /** Offers that it has not answered. */
  int offers;

  /** It delivers wrong bytes: nothing is taken from it, but it may take from us. */
  boolean quarantined;

  /** Nothing at all comes from it although it is pinged; see {@link Silence}. */
  boolean silent;

  long pingedNs;

  /** When the connection was made. */
  final long sinceNs;

  /** Refusals of pieces that it said it has, since it sent one. */
  int brokenPromises;

  /** Before that its offers are declined: it had not what it said too often. */
  long leftAloneUntilNs;

  /** It has just refused: do not ask again before that. */
  long notBeforeNs;

  private double bytesPerNs;

  /** What {@link #map} found last: most messages are of the same file as the one before. */
  private NeighbourPieces lastMap;

  private long lastFileId;

  Neighbour(long peerId, Role role, long nowNs) {
    this.peerId = peerId;
    this.role = role;
    this.notBeforeNs = nowNs;
    this.leftAloneUntilNs = nowNs;
    this.sinceNs = nowNs;
    this.pingedNs = nowNs;
  }

  /** What it has told of this file, or may still tell; null if it is none of ours. */
  NeighbourPieces map(long fileId) {
    if (lastMap == null || lastFileId != fileId) {
      lastFileId = fileId;
      lastMap = maps.get(fileId);
    }
    return lastMap;
  }

  /** The file is none of ours any more. */
  void forget(long fileId) {
    maps.remove(fileId);
    lastMap = null;
  }

  void measured(long bytes, long durationNs) {
    double sample = (double) bytes / Math.max(1, durationNs);
    bytesPerNs =
        bytesPerNs == 0
            ? sample
            : bytesPerNs * (1 - NEW_SAMPLE_WEIGHT) + sample * NEW_SAMPLE_WEIGHT;
  }

  /** How long one more piece from this peer is likely to take, in no particular unit. */
  double load(double typicalBytesPerNs) {
    double rate = bytesPerNs == 0 ? typicalBytesPerNs : bytesPerNs;
    return (downloads + 1) / Math.max(rate, Double.MIN_NORMAL);
  }
}
