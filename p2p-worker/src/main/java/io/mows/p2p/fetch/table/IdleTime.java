// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch.table;

/** For how long nothing has happened. For one thread. */
public final class IdleTime {
  private boolean idle;
  private long sinceNs;

  /** Whether nothing has happened for {@code ns}, {@code idleNow} included. */
  public boolean reaches(long ns, boolean idleNow, long nowNs) {
    if (idleNow && !idle) {
      sinceNs = nowNs;
    }
    idle = idleNow;
    return idle && nowNs - sinceNs >= ns;
  }
}
