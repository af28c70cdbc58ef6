// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.sim;

import io.mows.p2p.swarm.state.SwarmSettings;

/**
 * What a simulation is about. The defaults are a cold start of all at once on a healthy network.
 */
public final class Scenario {
  public int nodes = 8;
  public int pieces = 64;
  public int pieceBytes = 4 << 20;
  public double linkBytesPerSecond = 200e6 / 8;
  public double originFactor = 1;

  /** What the origin sends over one connection at most. */
  public double originConnectionBytesPerSecond = Double.POSITIVE_INFINITY;

  /** Connections of one node with the origin at most. */
  public int originStreams = 64;

  public long latencyNs = ms(0.5);
  public long originLatencyNs = ms(3);
  public long locatorDelayNs = ms(5);
  public long locatorLeaseNs = ms(10_000);

  /** The nodes start within this time. */
  public long startSpreadNs = ms(10);

  /** That many nodes have the whole file before. */
  public int holders;

  public int warmupHolders;

  /** When the first of them crashes, after the first node has started. */
  public long holderCrashNs = Long.MAX_VALUE;

  public double crashShare;

  /** Of those that crash, the part that others notice only by silence. */
  public double silentCrashShare = 0.5;

  public long silenceNs = ms(3_000);
  public double slowShare;
  public double slowFactor = 0.1;
  public double corruptShare;
  public double lossRate;
  public double originFailureRate;
  public boolean readers;

  /** So many nodes say, send and take nothing for a while; others hear of it by silence only. */
  public int hungNodes;

  /** Those that come first as owners; else the last ones to start. */
  public boolean ownersHang;

  public long hangAtNs = ms(100);
  public long hangNs = ms(30_000);

  /** No answers from the locator in this span. */
  public long outageFromNs = Long.MAX_VALUE;

  public long outageToNs = Long.MAX_VALUE;
  public long seed = 1;
  public SwarmSettings settings = new SwarmSettings.Builder().build();

  public static long ms(double ms) {
    return (long) (ms * 1e6);
  }

  public long fileBytes() {
    return (long) pieces * pieceBytes;
  }

  /** How long one link needs for the file. */
  public double linkNs() {
    return fileBytes() / linkBytesPerSecond * 1e9;
  }

  /** The shortest time in which all can have the file; not what connections of the origin allow. */
  public double boundNs() {
    if (holders + warmupHolders > 0) {
      double uplinks = nodes + holders + warmupHolders;
      return Math.max(linkNs(), nodes * linkNs() / uplinks);
    }
    double uplinks = nodes + originFactor;
    return Math.max(linkNs(), Math.max(linkNs() / originFactor, nodes * linkNs() / uplinks));
  }
}
