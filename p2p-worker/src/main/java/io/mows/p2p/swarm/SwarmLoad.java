// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.swarm;

import io.mows.p2p.swarm.state.SwarmState;
import io.mows.p2p.swarm.upload.UploadOffers;

/** How much a {@link SwarmNode} has on its hands. Immutable. */
public final class SwarmLoad {
  private final int neighbours;
  private final int silent;
  private final int downloads;
  private final int uploads;
  private final int deferredRequests;
  private final int originReads;

  private SwarmLoad(
      int neighbours,
      int silent,
      int downloads,
      int uploads,
      int deferredRequests,
      int originReads) {
    this.neighbours = neighbours;
    this.silent = silent;
    this.downloads = downloads;
    this.uploads = uploads;
    this.deferredRequests = deferredRequests;
    this.originReads = originReads;
  }

  static SwarmLoad of(SwarmState swarm, UploadOffers uploads) {
    return new SwarmLoad(
        swarm.connections().count(),
        swarm.connections().silent(),
        swarm.inFlight().downloadCount(),
        uploads.inFlight(),
        uploads.deferredRequests(),
        swarm.inFlight().originReadCount());
  }

  public int neighbours() {
    return neighbours;
  }

  /** Those of them from which nothing at all comes. */
  public int silent() {
    return silent;
  }

  public int downloads() {
    return downloads;
  }

  public int uploads() {
    return uploads;
  }

  public int deferredRequests() {
    return deferredRequests;
  }

  public int originReads() {
    return originReads;
  }
}
