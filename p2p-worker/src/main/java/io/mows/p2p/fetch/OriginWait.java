// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch;

import io.mows.p2p.swarm.origin.OriginFault;
import java.util.concurrent.TimeUnit;

/** A file that waits for its origin, which is away, denies it or sends nothing. Immutable. */
public final class OriginWait {
  private final FileSpec file;
  private final OriginFault fault;
  private final String reason;
  private final long forNs;
  private final boolean isOverdue;

  public OriginWait(
      FileSpec file, OriginFault fault, String reason, long forNs, boolean isOverdue) {
    this.file = file;
    this.fault = fault;
    this.reason = reason;
    this.forNs = forNs;
    this.isOverdue = isOverdue;
  }

  public FileSpec file() {
    return file;
  }

  public OriginFault fault() {
    return fault;
  }

  /** For how long it has been so. */
  public long forMs() {
    return TimeUnit.NANOSECONDS.toMillis(forNs);
  }

  /** Whether readers are told so, because patience is at its end. */
  public boolean isOverdue() {
    return isOverdue;
  }

  /** Such as {@code the origin denies it since 2 min 3 s: 403 AccessDenied}. */
  public String what() {
    return "the origin " + verb() + " since " + duration(forMs()) + ": " + reason;
  }

  private String verb() {
    if (fault == OriginFault.SILENT) {
      return "sends nothing";
    }
    return fault == OriginFault.DENIED ? "denies it" : "is away";
  }

  /** What the operator can do. */
  public String remedy() {
    return remedy(fault);
  }

  public static String remedy(OriginFault fault) {
    return fault == OriginFault.DENIED
        ? "Check the credentials and permissions of the mount (alluxio fs mount lists it), and this"
            + " machine's clock; reads go on by themselves when the origin gives the file."
        : "Check the origin and the network to it; reads go on by themselves when it answers."
            + " alluxio.mows.origin.patience says how long readers wait.";
  }

  static String duration(long ms) {
    long seconds = ms / 1_000;
    return seconds < 60 ? seconds + " s" : seconds / 60 + " min " + seconds % 60 + " s";
  }
}
