// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch.core;

import io.mows.p2p.fetch.FetchMetrics;
import io.mows.p2p.fetch.FetchSettings;
import io.mows.p2p.fetch.state.Announcements;
import io.mows.p2p.fetch.state.FetchEffects;
import io.mows.p2p.fetch.state.FetchState;
import io.mows.p2p.fetch.state.Origins;
import io.mows.p2p.fetch.state.Peers;
import io.mows.p2p.fetch.state.Proofs;
import io.mows.p2p.fetch.state.StoreHealth;
import io.mows.p2p.fetch.state.SwarmDoor;
import io.mows.p2p.fetch.table.HeldFiles;
import io.mows.p2p.fetch.table.Moment;
import io.mows.p2p.fetch.table.UncachedSlots;
import io.mows.p2p.swarm.SwarmNode;
import io.mows.p2p.swarm.state.SwarmSettings;
import java.util.OptionalLong;

/** The rules that make up {@link FetchCore}, put together. For the engine's thread. */
final class FetchRules {
  /** 32 MB/s: a hundredth of a core. */
  private static final int SCRUB_BYTES = 8 << 20;

  final long lingerNs;
  final FetchEffects effects;
  final Moment moment;
  final FetchState state;
  final Fetches fetches = new Fetches();
  final FetchFiles files;
  final SwarmOrders orders;
  final ServeRules serving;
  final MemberLookups lookups;
  final Appeals appeals;
  final Scrubber scrubber;
  final ReadRules readers = new ReadRules();
  final LoadLanes lanes;

  /**
   * @param self this worker's id among others; empty if it shares with nobody
   */
  FetchRules(
      FetchSettings settings,
      OptionalLong self,
      FetchEffects effects,
      FetchMetrics metrics,
      long nowNs) {
    this.lingerNs = settings.lingerNs();
    this.effects = effects;
    this.moment = new Moment(nowNs);
    boolean isShared = self.isPresent();
    long id = self.orElse(0);
    Peers peers = new Peers(isShared);
    Announcements announcements = new Announcements(isShared);
    HeldFiles held = new HeldFiles(announcements::changed);
    Origins origins =
        new Origins(settings.patienceNs(), isShared ? Long.hashCode(id) : 0, metrics, moment);
    Proofs proofs =
        new Proofs(
            settings.verify(),
            file -> fetches.get(file).isPresent() || held.file(file) != null,
            effects);
    SwarmSettings swarm =
        new SwarmSettings.Builder()
            .maxReads(settings.maxReads())
            .settleMs(settings.settleMs())
            .build();
    this.orders = new SwarmOrders(fetches, effects, metrics, peers);
    SwarmDoor door = new SwarmDoor(new SwarmNode(id, swarm, orders, origins.gates()));
    this.state =
        new FetchState(
            moment,
            effects,
            metrics,
            door,
            peers,
            origins,
            proofs,
            held,
            new UncachedSlots(
                settings.uncachedBytes(), settings.pieceBytes(), effects.views()::freeSlot),
            new StoreHealth(moment, effects, metrics, settings.pieceBytes()),
            announcements);
    this.serving = new ServeRules(state, fetches);
    orders.uploadBy(serving);
    this.lookups = new MemberLookups(id, peers, effects);
    this.appeals = new Appeals(moment, effects, proofs);
    this.files = new FetchFiles(state, fetches, lookups, appeals, settings.backoff());
    this.scrubber = new Scrubber(state, fetches, SCRUB_BYTES);
    this.lanes = new LoadLanes(files, effects);
  }
}
