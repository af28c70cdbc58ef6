// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.swarm;

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
  private final DownloadChoices downloads;
  private final UploadOffers uploads;
  private final Gossip gossip;
  private boolean wasWatching;
  private long watchingSinceNs;
  private long lastCheckNs;

  Silence(SwarmState swarm, DownloadChoices downloads, UploadOffers uploads, Gossip gossip) {
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
    for (Neighbour link : swarm.links.values()) {
      if (watching || link.silent) {
        check(link, nowNs);
      }
    }
    if (watching) {
      checkConnecting(nowNs);
    }
  }

  private void checkConnecting(long nowNs) {
    swarm.connecting.forEach(
        (peerId, sinceNs) -> {
          long waitedNs = Math.min(nowNs - sinceNs, nowNs - watchingSinceNs);
          if (waitedNs > swarm.settings.silentNs && swarm.unreached.add(peerId)) {
            swarm.viewChanged = true;
          }
        });
  }

  /** How many of the connected peers are silent. */
  int count() {
    return (int) swarm.links.values().stream().filter(link -> link.silent).count();
  }

  private void check(Neighbour link, long nowNs) {
    long silentNs = swarm.actions.silentNs(link.peerId);
    long watchedNs = Math.min(nowNs - watchingSinceNs, nowNs - link.sinceNs);
    if (link.silent) {
      if (silentNs < swarm.settings.silentNs) {
        speaksAgain(link, nowNs);
      }
    } else if (Math.min(silentNs, watchedNs) > swarm.settings.silentNs) {
      fellSilent(link, nowNs);
    }
    if (silentNs > PING_NS && nowNs - link.pingedNs > PING_NS) {
      link.pingedNs = nowNs;
      swarm.actions.ping(link.peerId);
    }
  }

  private void fellSilent(Neighbour link, long nowNs) {
    link.silent = true;
    downloads.giveUp(link, nowNs);
    uploads.forget(link);
    link.maps.forEach(
        (fileId, map) -> {
          FileSwarm file = swarm.files.get(fileId);
          file.removeNeighbour(map, true);
          file.maps.known(map, false);
        });
    swarm.viewChanged = true;
  }

  /** The peer has said something. */
  void heard(long peerId, long nowNs) {
    Neighbour link = swarm.links.get(peerId);
    if (link != null && link.silent) {
      speaksAgain(link, nowNs);
    }
  }

  private void speaksAgain(Neighbour link, long nowNs) {
    link.silent = false;
    // Neither has told the other anything meanwhile.
    for (FileSwarm file : swarm.files.values()) {
      gossip.sendMap(link, file, nowNs);
    }
    swarm.viewChanged = true;
  }
}
