// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.sim;

import io.mows.p2p.swarm.state.SwarmSettings;

/**
 * What a simulation is about. The defaults are a cold start of all at once on a healthy network.
 */
final class Scenario {
  int nodes = 8;
  int pieces = 64;
  int pieceBytes = 4 << 20;
  double linkBytesPerSecond = 200e6 / 8;
  double originFactor = 1;

  /** What the origin sends over one connection at most. */
  double originConnectionBytesPerSecond = Double.POSITIVE_INFINITY;

  /** Connections of one node with the origin at most. */
  int originStreams = 64;

  long latencyNs = ms(0.5);
  long originLatencyNs = ms(3);
  long locatorDelayNs = ms(5);
  long locatorLeaseNs = ms(10_000);

  /** The nodes start within this time. */
  long startSpreadNs = ms(10);

  /** That many nodes have the whole file before. */
  int holders;

  int warmupHolders;
  double crashShare;

  /** Of those that crash, the part that others notice only by silence. */
  double silentCrashShare = 0.5;

  long silenceNs = ms(3_000);
  double slowShare;
  double slowFactor = 0.1;
  double corruptShare;
  double lossRate;
  double originFailureRate;
  boolean readers;

  /** So many nodes say, send and take nothing for a while; others hear of it by silence only. */
  int hungNodes;

  /** Those that come first as owners; else the last ones to start. */
  boolean ownersHang;

  long hangAtNs = ms(100);
  long hangNs = ms(30_000);

  /** No answers from the locator in this span. */
  long outageFromNs = Long.MAX_VALUE;

  long outageToNs = Long.MAX_VALUE;
  long seed = 1;
  SwarmSettings settings = new SwarmSettings.Builder().build();

  static long ms(double ms) {
    return (long) (ms * 1e6);
  }

  long fileBytes() {
    return (long) pieces * pieceBytes;
  }

  /** How long one link needs for the file. */
  double linkNs() {
    return fileBytes() / linkBytesPerSecond * 1e9;
  }

  /** The shortest time in which all can have the file; not what connections of the origin allow. */
  double boundNs() {
    if (holders + warmupHolders > 0) {
      double uplinks = nodes + holders + warmupHolders;
      return Math.max(linkNs(), nodes * linkNs() / uplinks);
    }
    double uplinks = nodes + originFactor;
    return Math.max(linkNs(), Math.max(linkNs() / originFactor, nodes * linkNs() / uplinks));
  }
}
