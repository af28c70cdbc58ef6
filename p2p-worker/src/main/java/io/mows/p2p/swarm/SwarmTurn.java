// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.swarm;

import io.mows.p2p.swarm.state.FileSwarm;
import io.mows.p2p.swarm.state.SwarmState;
import io.mows.p2p.swarm.upload.UploadOffers;
import java.util.OptionalLong;

/**
 * All decisions of a {@link SwarmNode} in their order: first who takes part, then what is taken
 * from peers and read from the origin, then what is offered and told. Some are due only now and
 * then, at a tick.
 */
final class SwarmTurn {
  private final SwarmState swarm;
  private final Overlay overlay;
  private final Silence silence;
  private final DownloadChoices downloads;
  private final SlowSources slowSources;
  private final OriginChoices origin;
  private final UploadOffers uploads;
  private final Gossip gossip;
  private long nextTickNs;
  private boolean ticking;

  SwarmTurn(
      SwarmState swarm,
      Overlay overlay,
      Silence silence,
      PeerDownloads taking,
      OriginChoices origin,
      UploadOffers uploads,
      Gossip gossip) {
    this.swarm = swarm;
    this.overlay = overlay;
    this.silence = silence;
    this.downloads = taking.choices();
    this.slowSources = taking.slowSources();
    this.origin = origin;
    this.uploads = uploads;
    this.gossip = gossip;
  }

  /** Returns when the next turn is due if nothing happens before. */
  OptionalLong run(long nowNs) {
    boolean tick = !ticking || nextTickNs - nowNs <= 0;
    if (tick) {
      ticking = true;
      silence.check(isBusy(), nowNs);
      slowSources.check(nowNs);
      gossip.refresh(nowNs);
      overlay.forgive(nowNs);
    }
    overlay.updateViews(nowNs);
    overlay.pump(nowNs);
    swarm.lists().takePlanChanged(file -> noteDemands(file, nowNs));
    downloads.pullOverdue(nowNs);
    origin.pump(tick, nowNs);
    if (tick) {
      downloads.pullIdle(nowNs);
    }
    uploads.pump(nowNs);
    gossip.flush(nowNs);
    return nextNs(tick, nowNs);
  }

  private void noteDemands(FileSwarm file, long nowNs) {
    file.noteDemands(nowNs);
    swarm.lists().pulling(file, file.fetching().isPulling());
  }

  /** Whether there is anything that comes from peers or goes to them. */
  private boolean isBusy() {
    return swarm.inFlight().downloadCount() > 0 || !uploads.isIdle() || swarm.lists().isAnyBusy();
  }

  private OptionalLong nextNs(boolean ticked, long nowNs) {
    boolean busy = isBusy() || gossip.isPending();
    if (!busy && swarm.connections().count() == 0) {
      ticking = false;
      return OptionalLong.empty();
    }
    long pauseNs = busy ? swarm.settings().tickNs() : swarm.settings().refreshNs() / 4;
    if (ticked || nextTickNs - nowNs > pauseNs) {
      nextTickNs = nowNs + pauseNs;
    }
    OptionalLong pause = origin.nextPauseEndNs();
    boolean sooner = pause.isPresent() && pause.getAsLong() - nextTickNs < 0;
    return sooner ? pause : OptionalLong.of(nextTickNs);
  }

  /** How many files were looked at to find something to read. */
  long filesLookedAt() {
    return origin.filesLookedAt();
  }
}
