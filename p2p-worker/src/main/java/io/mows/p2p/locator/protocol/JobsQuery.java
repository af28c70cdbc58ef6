// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.locator.protocol;

import io.mows.p2p.locator.PeerInfo;
import io.mows.p2p.locator.jobs.JobsView;
import io.mows.p2p.locator.wire.WireException;
import io.mows.p2p.locator.wire.WireReader;
import io.mows.p2p.locator.wire.WireWriter;

/**
 * The question for warm-up jobs. A worker asks again and again and says what it knows, so that jobs
 * and peers are only sent again when they have changed. So that it need not ask often and yet hears
 * of a new job at once, its question is kept for a while if the jobs are those that it knows.
 * Immutable.
 */
public final class JobsQuery {
  public static final long MAX_PATIENCE_MS = 10_000;
  private static final int MAX_MODELS = 1_000;

  private final long knownEpoch;
  private final long knownVersion;
  private final long knownPeers;
  private final boolean wantsReports;
  private final String group;
  private final int models;
  private final long patienceMs;

  /**
   * @param knownEpoch the directory that the asker knows; versions of another mean nothing
   * @param knownVersion the {@link JobsView#version} that the asker has; -1 for none
   * @param knownPeers the {@link JobsView#peersFingerprint} that it has; 0 for none
   * @param group whose most used models are wanted
   * @param models how many of them
   * @param patienceMs how long the question may be kept
   */
  private JobsQuery(
      long knownEpoch,
      long knownVersion,
      long knownPeers,
      boolean wantsReports,
      String group,
      int models,
      long patienceMs) {
    this.knownEpoch = knownEpoch;
    this.knownVersion = knownVersion;
    this.knownPeers = knownPeers;
    this.wantsReports = wantsReports;
    this.group = group;
    this.models = models;
    this.patienceMs = patienceMs;
  }

  /** Asks for what is not in {@code known}, without reports; the rest is as in the constructor. */
  public static JobsQuery jobs(JobsView known, String group, int models, long patienceMs) {
    return new JobsQuery(
        known.epoch(),
        known.version(),
        known.peersFingerprint(),
        false,
        group,
        models,
        Math.min(patienceMs, MAX_PATIENCE_MS));
  }

  /** Asks for all jobs, and for what the workers said of them. */
  public static JobsQuery progress() {
    JobsView none = JobsView.NONE;
    return new JobsQuery(none.epoch(), none.version(), none.peersFingerprint(), true, "", 0, 0);
  }

  public long knownEpoch() {
    return knownEpoch;
  }

  public long knownVersion() {
    return knownVersion;
  }

  public long knownPeers() {
    return knownPeers;
  }

  public boolean wantsReports() {
    return wantsReports;
  }

  public String group() {
    return group;
  }

  public int models() {
    return models;
  }

  /** How long it may be kept. */
  public long patienceMs() {
    return patienceMs;
  }

  void write(WireWriter out) {
    out.putLong(knownEpoch).putLong(knownVersion).putLong(knownPeers).putByte(wantsReports ? 1 : 0);
    out.putText(group).putNumber(models).putNumber(patienceMs);
  }

  public static JobsQuery read(WireReader in) throws WireException {
    return new JobsQuery(
        in.readLong(),
        in.readLong(),
        in.readLong(),
        in.readByte() != 0,
        in.readText(PeerInfo.MAX_GROUP_BYTES, "a group"),
        (int) in.readNumber(MAX_MODELS, "the number of models"),
        in.readNumber(MAX_PATIENCE_MS, "the patience of a question"));
  }
}
