// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch.table;

/**
 * Numbers for what one fetch has asked for, by which the answers find their way back. The upper
 * half names the fetch: an answer for a fetch that is over never reaches the next one of the same
 * file.
 */
public final class Tickets {
  private final long fetch;
  private int next;

  /**
   * @param fetchNumber another one for each fetch, not 0
   */
  public Tickets(int fetchNumber) {
    this.fetch = (long) fetchNumber << Integer.SIZE;
  }

  public long next() {
    return fetch | (next++ & 0xffff_ffffL);
  }

  /** The number of the fetch that asked. */
  public static int fetchOf(long ticket) {
    return (int) (ticket >>> Integer.SIZE);
  }
}
