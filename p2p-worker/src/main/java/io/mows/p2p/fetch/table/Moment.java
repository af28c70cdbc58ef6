// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch.table;

import io.mows.p2p.fetch.core.FetchCore;

/**
 * The time at which the event that is being handled happened: one time for all that it causes. Set
 * by {@link FetchCore} alone, in ns.
 */
public final class Moment {
  private long nowNs;

  public Moment(long nowNs) {
    this.nowNs = nowNs;
  }

  public void set(long timeNs) {
    nowNs = timeNs;
  }

  public long nowNs() {
    return nowNs;
  }
}
