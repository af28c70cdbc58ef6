// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch;

/**
 * The time at which the event that is being handled happened: one time for all that it causes. Set
 * by {@link FetchCore} alone, in ns.
 */
final class Moment {
  private long nowNs;

  Moment(long nowNs) {
    this.nowNs = nowNs;
  }

  void set(long timeNs) {
    nowNs = timeNs;
  }

  long nowNs() {
    return nowNs;
  }
}
