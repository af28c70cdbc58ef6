// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch.engine;

import io.mows.p2p.fetch.FetchMetrics;
import io.mows.p2p.fetch.FetchSettings;
import io.mows.p2p.fetch.LocalStore;
import io.mows.p2p.fetch.Origin;
import io.mows.p2p.fetch.core.Mailbox;
import io.mows.p2p.fetch.io.EnginePorts;
import io.mows.p2p.fetch.io.LocatorPort;
import io.mows.p2p.fetch.io.OperatorLog;
import io.mows.p2p.fetch.io.PieceOpener;
import io.mows.p2p.fetch.io.QuestionPort;
import io.mows.p2p.fetch.io.ScrubReader;
import io.mows.p2p.fetch.io.ServePort;
import io.mows.p2p.fetch.io.StorePort;
import io.mows.p2p.fetch.io.StoreThreads;
import io.mows.p2p.fetch.io.SwarmPort;
import io.mows.p2p.fetch.io.TransferPort;
import io.mows.p2p.fetch.io.ViewPort;
import io.mows.p2p.fetch.read.LoadGate;
import io.mows.p2p.fetch.read.ReadContext;
import io.mows.p2p.fetch.read.ReadViews;
import io.mows.p2p.fetch.read.ReaderGate;
import io.mows.p2p.fetch.read.UncachedBuffers;
import io.mows.p2p.fetch.read.VisibleFiles;
import io.mows.p2p.fetch.state.FetchEffects;
import io.mows.p2p.fetch.state.LocatorEffects;
import io.mows.p2p.fetch.state.PeerEffects;
import io.mows.p2p.fetch.table.UncachedSlots;
import io.mows.p2p.peer.Peering;
import io.mows.p2p.thread.NamedThreads;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

/** What stands around the decisions of a {@link FetchEngine}, put together. */
final class EngineParts {
  private final StoreThreads storeThreads = new StoreThreads(NamedThreads.many("mows-store"));
  private final ReadContext reading;
  private final LoadGate loads;
  private final ScrubReader scrubReader;
  private final Optional<SwarmPort> peers;
  private final TransferPort transfers;
  private final FetchEffects effects;

  /**
   * @param mailbox takes what happens
   * @param thread runs a task on the engine's thread, never at once; false if that has ended
   * @param peering empty for a worker that shares with nobody
   * @throws IOException if the data channel cannot be set up; the message names the remedy
   */
  EngineParts(
      FetchSettings settings,
      Origin source,
      LocalStore space,
      FetchMetrics metrics,
      LongSupplier nanoClock,
      Mailbox mailbox,
      Predicate<Runnable> thread,
      Optional<Peering> peering)
      throws IOException {
    ReadViews views = new ReadViews();
    VisibleFiles visible = new VisibleFiles(settings.verify());
    ReaderGate gate = new ReaderGate();
    this.reading = new ReadContext(mailbox, views, visible, gate, space, metrics, nanoClock);
    this.loads = new LoadGate(mailbox);
    this.scrubReader = new ScrubReader(space, mailbox);
    StorePort store = new StorePort(space, storeThreads, views, mailbox);
    UncachedBuffers buffers =
        new UncachedBuffers(
            UncachedSlots.maxPieces(settings.uncachedBytes(), settings.pieceBytes()),
            settings.pieceBytes());
    ServePort serving = new ServePort(new PieceOpener(space, views), storeThreads, mailbox);
    this.peers =
        peering.isEmpty()
            ? Optional.empty()
            : Optional.of(openPeers(peering.get(), serving, thread, nanoClock));
    TransferPort.Network network =
        peers
            .<TransferPort.Network>map(port -> port)
            .orElse((peerId, request, receiver, timeoutMs) -> Optional.empty());
    Optional<LocatorPort> locator = peering.map(with -> locatorPort(with, mailbox));
    this.transfers = new TransferPort(source, network, store, storeThreads, buffers, mailbox);
    this.effects =
        new EnginePorts(
            store,
            transfers,
            new QuestionPort(source, settings.manifests(), locator, scrubReader, mailbox),
            locator.<LocatorEffects>map(port -> port).orElse(LocatorEffects.NONE),
            new ViewPort(views, visible, buffers, store),
            gate,
            loads,
            peers.<PeerEffects>map(port -> port).orElse(PeerEffects.NONE),
            serving,
            new OperatorLog());
  }

  /** If it cannot be opened, nobody gets these parts, and their threads end. */
  private SwarmPort openPeers(
      Peering peering, ServePort serving, Predicate<Runnable> thread, LongSupplier nanoClock)
      throws IOException {
    try {
      return new SwarmPort(peering, serving, thread, nanoClock);
    } catch (IOException | RuntimeException e) {
      shutDown();
      throw e;
    }
  }

  private LocatorPort locatorPort(Peering peering, Mailbox mailbox) {
    SwarmPort known = peers.orElseThrow();
    return new LocatorPort(peering.locator(), peering.self(), known::know, mailbox);
  }

  /** What those need who read beside the engine's thread. */
  ReadContext reading() {
    return reading;
  }

  LoadGate loads() {
    return loads;
  }

  /** Empty for a worker that shares with nobody. */
  Optional<SwarmPort> peers() {
    return peers;
  }

  /** As {@link TransferPort#takeHeard}. */
  Set<Long> takeHeard() {
    return transfers.takeHeard();
  }

  /** Who carries out what is decided. */
  FetchEffects effects() {
    return effects;
  }

  /** Ends the threads; what the store has still to say is said when this returns. */
  void shutDown() {
    scrubReader.shutDown();
    storeThreads.shutDown();
  }
}
