// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.swarm;

/** How much a {@link SwarmNode} has on its hands. Immutable. */
public final class SwarmLoad {
  private final int neighbours;
  private final int downloads;
  private final int uploads;
  private final int wishes;
  private final int originReads;

  SwarmLoad(int neighbours, int downloads, int uploads, int wishes, int originReads) {
    this.neighbours = neighbours;
    this.downloads = downloads;
    this.uploads = uploads;
    this.wishes = wishes;
    this.originReads = originReads;
  }

  public int neighbours() {
    return neighbours;
  }

  public int downloads() {
    return downloads;
  }

  public int uploads() {
    return uploads;
  }

  public int wishes() {
    return wishes;
  }

  public int originReads() {
    return originReads;
  }
}
