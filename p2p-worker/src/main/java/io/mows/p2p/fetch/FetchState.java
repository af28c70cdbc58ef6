// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch;

/** What the rules of all files share. Immutable itself; for the engine's thread. */
final class FetchState {
  final Moment moment;
  final FetchEffects effects;
  final FetchEvents events;
  final SwarmDoor swarm;
  final Peers peers;
  final Origins origins;
  final Proofs proofs;
  final Scrubs scrubs;
  final HeldFiles held;
  final UncachedSlots uncached;
  final StoreHealth storeHealth;
  final Announcements announcements;

  FetchState(
      Moment moment,
      FetchEffects effects,
      FetchEvents events,
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
    this.events = events;
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

  long nowNs() {
    return moment.nowNs();
  }
}
