// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.locator.jobs;

import io.mows.p2p.locator.PeerInfo;
import io.mows.p2p.locator.PeerRole;
import io.mows.p2p.locator.wire.WireException;
import io.mows.p2p.locator.wire.WireReader;
import io.mows.p2p.locator.wire.WireWriter;

/** Which workers a {@link WarmupJob} is for. Immutable; equal if all fields are. */
public final class JobTarget {
  private static final int ROLE = 0;
  private static final int GROUP = 1;
  private static final int ALL = 2;

  /** The warm-up workers, of whatever group. */
  public static final JobTarget WARMUP = new JobTarget(ROLE, "");

  /** Every worker. */
  public static final JobTarget EVERY = new JobTarget(ALL, "");

  private final int kind;
  private final String group;

  private JobTarget(int kind, String group) {
    this.kind = kind;
    this.group = group;
  }

  /** The instances of one service. */
  public static JobTarget group(String group) {
    return new JobTarget(GROUP, PeerInfo.bounded(group, PeerInfo.MAX_GROUP_BYTES, "group"));
  }

  public boolean matches(PeerInfo peer) {
    boolean isWarmup = peer.role() == PeerRole.WARMUP;
    return kind == ALL || (kind == ROLE ? isWarmup : !isWarmup && peer.group().equals(group));
  }

  void write(WireWriter out) {
    out.putByte(kind).putText(group);
  }

  static JobTarget read(WireReader in) throws WireException {
    int kind = in.readByte();
    String group = in.readText(PeerInfo.MAX_GROUP_BYTES, "a group");
    if (kind > ALL || (kind != GROUP && !group.isEmpty())) {
      throw new WireException("a job is for workers of unknown kind " + kind);
    }
    return new JobTarget(kind, group);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof JobTarget
        && kind == ((JobTarget) other).kind
        && group.equals(((JobTarget) other).group);
  }

  @Override
  public int hashCode() {
    return 31 * kind + group.hashCode();
  }

  /** As the command line names it. */
  @Override
  public String toString() {
    switch (kind) {
      case ROLE:
        return "role warmup";
      case GROUP:
        return "group " + group;
      default:
        return "all workers";
    }
  }
}
