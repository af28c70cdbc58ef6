// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.model;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToLongFunction;

/**
 * How much of a model may come into memory now: into what is free at once; for the rest colder
 * models go, a little at a time, so that what becomes warm meanwhile stays. Pure, immutable.
 */
public final class ReadAheadRoom {
  /** So much may be under way for which something had to go. */
  public static final long EVICTING_BYTES = 512L << 20;

  private final long freeBytes;
  private final long coldBytes;

  /**
   * @param freeBytes what nobody has and nobody has been promised; less than 0 if too much has been
   * @param coldBytes what may be evicted
   */
  public ReadAheadRoom(long freeBytes, long coldBytes) {
    this.freeBytes = freeBytes;
    this.coldBytes = coldBytes;
  }

  /**
   * The bytes that are colder than a model.
   *
   * @param heldBytes what could be evicted at all, by file
   * @param warm the files that are being read or are about to be
   * @param lastUse when a file was used last
   * @param usedNs when the model was
   */
  public static long coldBytes(
      Map<Long, Long> heldBytes, Set<Long> warm, ToLongFunction<Long> lastUse, long usedNs) {
    return heldBytes.entrySet().stream()
        .filter(held -> !warm.contains(held.getKey()))
        .filter(held -> lastUse.applyAsLong(held.getKey()) - usedNs < 0)
        .mapToLong(Map.Entry::getValue)
        .sum();
  }

  /**
   * How many of the next files may be begun.
   *
   * @param missingBytes what each of them lacks, in the order in which they are read
   * @param underWayBytes what is still to come of those that have been begun
   */
  public int admit(List<Long> missingBytes, long underWayBytes) {
    long sum = 0;
    int count = 0;
    for (long bytes : missingBytes) {
      boolean isFree = sum + bytes <= freeBytes;
      boolean fits = sum + bytes <= freeBytes + coldBytes;
      boolean inTurn = underWayBytes + sum < EVICTING_BYTES;
      if (bytes > 0 && !isFree && !(fits && inTurn)) {
        break;
      }
      sum += bytes;
      count++;
    }
    return count;
  }

  /** How far one file may be read ahead that is read anyway, whether or not it fits. */
  public long windowBytes(long heldBytes, long capacityBytes) {
    long room = Math.max(EVICTING_BYTES, freeBytes + coldBytes + heldBytes);
    return Math.min(room, capacityBytes / 10 * 9);
  }
}
