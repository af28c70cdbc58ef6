// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch;

import io.mows.p2p.plan.Backoff;
import io.mows.p2p.swarm.origin.OriginGates;
import java.util.concurrent.TimeUnit;

/** How the engine works. Immutable. */
public final class FetchSettings {
  /** Others who start at the same moment have become known by then. */
  private static final long SETTLE_MS = 100;

  private final int maxReads;
  private final int pieceBytes;
  private final long uncachedBytes;
  private final long readTimeoutMs;
  private final long lingerNs;
  private final Backoff backoff;
  private final VerifyMode verify;
  private final ManifestSource manifests;
  private final long settleMs;
  private final long patienceNs;

  /**
   * Pieces are checked; {@link #verifying} brings in manifests.
   *
   * @param maxReads reads from the source in flight at most, unless it needs more ({@link
   *     Origin#width})
   * @param pieceBytes the piece size of all files
   * @param uncachedBytes memory for pieces that do not fit into the cache
   * @param readTimeoutMs how long a reader waits for one piece before it is told to give up
   * @param lingerMs how long an unfinished block that nobody wants any more is kept
   * @param backoff when failed reads are tried again
   */
  public FetchSettings(
      int maxReads,
      int pieceBytes,
      long uncachedBytes,
      long readTimeoutMs,
      long lingerMs,
      Backoff backoff) {
    this(
        maxReads,
        pieceBytes,
        uncachedBytes,
        readTimeoutMs,
        TimeUnit.MILLISECONDS.toNanos(lingerMs),
        backoff,
        VerifyMode.PIECE,
        ManifestSource.NONE,
        SETTLE_MS,
        OriginGates.PATIENCE_NS);
  }

  private FetchSettings(
      int maxReads,
      int pieceBytes,
      long uncachedBytes,
      long readTimeoutMs,
      long lingerNs,
      Backoff backoff,
      VerifyMode verify,
      ManifestSource manifests,
      long settleMs,
      long patienceNs) {
    this.maxReads = maxReads;
    this.pieceBytes = pieceBytes;
    this.uncachedBytes = uncachedBytes;
    this.readTimeoutMs = readTimeoutMs;
    this.lingerNs = lingerNs;
    this.backoff = backoff;
    this.verify = verify;
    this.manifests = manifests;
    this.settleMs = settleMs;
    this.patienceNs = patienceNs;
  }

  /**
   * The same, with files checked.
   *
   * @param mode when bytes are shown
   * @param source what files should be; not asked if {@code mode} is {@link VerifyMode#OFF}
   */
  public FetchSettings verifying(VerifyMode mode, ManifestSource source) {
    return with(mode, source, settleMs, patienceNs);
  }

  /** The same, with another time for which a fetch listens to peers before it asks the origin. */
  public FetchSettings settling(long ms) {
    return with(verify, manifests, ms, patienceNs);
  }

  /**
   * The same, with another time for which readers wait for an origin that is away or denies.
   *
   * @param ms 0 for not at all
   */
  public FetchSettings patient(long ms) {
    return with(verify, manifests, settleMs, TimeUnit.MILLISECONDS.toNanos(ms));
  }

  private FetchSettings with(
      VerifyMode mode, ManifestSource source, long settlingMs, long patientNs) {
    return new FetchSettings(
        maxReads,
        pieceBytes,
        uncachedBytes,
        readTimeoutMs,
        lingerNs,
        backoff,
        mode,
        source,
        settlingMs,
        patientNs);
  }

  public int maxReads() {
    return maxReads;
  }

  public int pieceBytes() {
    return pieceBytes;
  }

  public long uncachedBytes() {
    return uncachedBytes;
  }

  public long readTimeoutMs() {
    return readTimeoutMs;
  }

  public long lingerNs() {
    return lingerNs;
  }

  public Backoff backoff() {
    return backoff;
  }

  public VerifyMode verify() {
    return verify;
  }

  public ManifestSource manifests() {
    return manifests;
  }

  public long settleMs() {
    return settleMs;
  }

  public long patienceNs() {
    return patienceNs;
  }
}
