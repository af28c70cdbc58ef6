// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.trace;

import java.util.Locale;

/**
 * What limits a load for a moment: decided by what was measured in that moment and before, and by
 * nothing else. Pure.
 */
public enum LoadLimit {
  /** It waits for an origin that is away or denies, or gets bytes as fast as the origin gives. */
  ORIGIN,
  /** As much comes as the worker's network takes. */
  LINK,
  /** It gets bytes as fast as peers give. */
  PEER,
  /** This worker's process has no processor left. */
  PROCESSOR,
  /** This worker's memory takes no bytes, or has no room. */
  STORE;

  /** Of all processors that the process may use; a little is always waited for. */
  static final double BUSY = 0.9;

  /** Of what the network is known to do; headers and other processes take the rest. */
  static final double FULL = 0.85;

  /** A source with less than that is not what makes the network busy. */
  private static final double SOME = 0.2;

  /** What limits, of a moment in which {@code measured} was. */
  static LoadLimit of(Measured measured) {
    if (measured.originWaits) {
      return ORIGIN;
    }
    if (measured.storeFaults > 0) {
      return STORE;
    }
    if (measured.processorShare >= BUSY) {
      return PROCESSOR;
    }
    if (isLinkFull(measured)) {
      return LINK;
    }
    return measured.peerBytesPerSecond > measured.originBytesPerSecond ? PEER : ORIGIN;
  }

  /**
   * Where the speed of the network is known, that decides. Else it is full if about as much comes
   * as the other kind of source brought alone before, at best: two that have nothing in common but
   * the network end at the same rate. More than that says that it was not full then.
   */
  private static boolean isLinkFull(Measured measured) {
    double now = measured.originBytesPerSecond + measured.peerBytesPerSecond;
    if (measured.linkBytesPerSecond > 0) {
      return now >= FULL * measured.linkBytesPerSecond;
    }
    double originShare = measured.originBytesPerSecond / Math.max(1, now);
    boolean asPeers = isAbout(now, measured.peakFromPeers);
    boolean asOrigin = isAbout(now, measured.peakFromOrigin);
    if (originShare > 1 - SOME) {
      return asPeers;
    }
    return originShare < SOME ? asOrigin : asPeers && asOrigin;
  }

  private static boolean isAbout(double now, double known) {
    return known > 0 && now >= FULL * known && now <= known / FULL;
  }

  /** As the log and the JSON say it. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** What was measured while a load ran, between two looks. */
  static final class Measured {
    /** From this worker's network devices; 0 if they do not tell. */
    double linkBytesPerSecond;

    double originBytesPerSecond;
    double peerBytesPerSecond;

    /** The fastest that this worker got from the one kind of source alone, before. */
    double peakFromOrigin;

    double peakFromPeers;

    /** Of all processors that the process may use, 0 to 1. */
    double processorShare;

    /** An origin of the load is away or denies it. */
    boolean originWaits;

    /** How often memory took no bytes or had no room. */
    long storeFaults;
  }
}
