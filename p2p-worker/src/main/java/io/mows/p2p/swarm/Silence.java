// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.swarm;

import io.mows.p2p.swarm.state.FileSwarm;
import io.mows.p2p.swarm.state.Hearsay;
import io.mows.p2p.swarm.state.Neighbour;
import io.mows.p2p.swarm.state.SwarmState;
import io.mows.p2p.swarm.upload.UploadOffers;

/**
 * Finds peers from which nothing at all comes although their process or their machine should say
 * something: it hangs, or the network to it is gone. What they were to send or read is left to
 * others, what they were to be sent holds up nobody, and they own no pieces. They are not at fault:
 * as soon as they speak again they take part as before.
 *
 * <p>While there is anything to be fetched or sent, a peer that has been quiet for a moment is
 * pinged; its data channel answers, however busy the worker is. If this worker itself has been
 * asleep, or nothing was to be done, nobody is blamed for the time before.
 */
final class Silence {
  private static final long PING_NS = 300_000_000L;
  private static final long ASLEEP_NS = 500_000_000L;

  private final SwarmState swarm;
  private final DownloadEnds downloads;
  private final UploadOffers uploads;
  private final Gossip gossip;
  private boolean wasWatching;
  private long watchingSinceNs;
  private long lastCheckNs;

  Silence(SwarmState swarm, DownloadEnds downloads, UploadOffers uploads, Gossip gossip) {
    this.swarm = swarm;
    this.downloads = downloads;
    this.uploads = uploads;
    this.gossip = gossip;
  }

  /**
   * To be called with each tick.
   *
   * @param watching whether there is anything that peers could hold up
   */
  void check(boolean watching, long nowNs) {
    if (!wasWatching || nowNs - lastCheckNs > ASLEEP_NS) {
      watchingSinceNs = nowNs;
    }
    wasWatching = watching;
    lastCheckNs = nowNs;
    for (Neighbour neighbour : swarm.connections().all()) {
      if (watching || neighbour.isSilent()) {
        check(neighbour, nowNs);
      }
    }
    if (watching) {
      checkConnecting(nowNs);
    }
  }

  private void checkConnecting(long nowNs) {
    long patienceNs = swarm.settings().silentNs();
    swarm.views().allIf(swarm.connections().noteUnreached(watchingSinceNs, patienceNs, nowNs));
  }

  private void check(Neighbour neighbour, long nowNs) {
    long silentNs = swarm.actions().silentNs(neighbour.peerId());
    long watchedNs = Math.min(nowNs - watchingSinceNs, nowNs - neighbour.sinceNs());
    if (neighbour.isSilent()) {
      if (silentNs < swarm.settings().silentNs()) {
        speaksAgain(neighbour, nowNs);
      }
    } else if (Math.min(silentNs, watchedNs) > swarm.settings().silentNs()) {
      fellSilent(neighbour, nowNs);
    }
    if (silentNs > PING_NS && nowNs - neighbour.pingedNs() > PING_NS) {
      neighbour.pinged(nowNs);
      swarm.actions().ping(neighbour.peerId());
    }
  }

  private void fellSilent(Neighbour neighbour, long nowNs) {
    neighbour.silent(true);
    downloads.giveUp(neighbour, nowNs);
    uploads.forget(neighbour);
    for (FileSwarm file : swarm.files().values()) {
      Hearsay.forget(file, neighbour);
      file.neighbours().known(file.neighbours().of(neighbour.peerId()), false);
    }
    swarm.views().all();
  }

  /** The peer has said something. */
  void heard(long peerId, long nowNs) {
    Neighbour neighbour = swarm.connections().get(peerId);
    if (neighbour != null && neighbour.isSilent()) {
      speaksAgain(neighbour, nowNs);
    }
  }

  private void speaksAgain(Neighbour neighbour, long nowNs) {
    neighbour.silent(false);
    // Neither has told the other anything meanwhile.
    for (FileSwarm file : swarm.files().values()) {
      gossip.sendMap(neighbour, file, nowNs);
    }
    swarm.views().all();
  }
}
