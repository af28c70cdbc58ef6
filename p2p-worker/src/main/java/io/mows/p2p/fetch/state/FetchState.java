// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch.state;

import io.mows.p2p.fetch.FetchMetrics;
import io.mows.p2p.fetch.table.HeldFiles;
import io.mows.p2p.fetch.table.Moment;
import io.mows.p2p.fetch.table.UncachedSlots;

/** What the rules of all files share. Immutable itself; for the engine's thread. */
public final class FetchState {
  private final Moment moment;
  private final FetchEffects effects;
  private final FetchMetrics metrics;
  private final SwarmDoor swarm;
  private final Peers peers;
  private final Origins origins;
  private final Proofs proofs;
  private final Scrubs scrubs;
  private final HeldFiles held;
  private final UncachedSlots uncached;
  private final StoreHealth storeHealth;
  private final Announcements announcements;

  public FetchState(
      Moment moment,
      FetchEffects effects,
      FetchMetrics metrics,
      SwarmDoor swarm,
      Peers peers,
      Origins origins,
      Proofs proofs,
      HeldFiles held,
      UncachedSlots uncached,
      StoreHealth storeHealth,
      Announcements announcements) {
    this.moment = moment;
    this.effects = effects;
    this.metrics = metrics;
    this.swarm = swarm;
    this.peers = peers;
    this.origins = origins;
    this.proofs = proofs;
    this.scrubs = new Scrubs(effects);
    this.held = held;
    this.uncached = uncached;
    this.storeHealth = storeHealth;
    this.announcements = announcements;
  }

  public long nowNs() {
    return moment.nowNs();
  }

  public FetchEffects effects() {
    return effects;
  }

  public FetchMetrics metrics() {
    return metrics;
  }

  public SwarmDoor swarm() {
    return swarm;
  }

  public Peers peers() {
    return peers;
  }

  public Origins origins() {
    return origins;
  }

  public Proofs proofs() {
    return proofs;
  }

  public Scrubs scrubs() {
    return scrubs;
  }

  public HeldFiles held() {
    return held;
  }

  public UncachedSlots uncached() {
    return uncached;
  }

  public StoreHealth storeHealth() {
    return storeHealth;
  }

  public Announcements announcements() {
    return announcements;
  }

  public Moment moment() {
    return moment;
  }
}
