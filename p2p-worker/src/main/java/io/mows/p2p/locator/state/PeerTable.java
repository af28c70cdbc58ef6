// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.locator.state;

import io.mows.p2p.piece.Rendezvous;
import java.util.function.BiConsumer;

/** The living peers by id: a part of {@link LocatorState}. Immutable. */
public final class PeerTable {
  static final PeerTable EMPTY = new PeerTable(PersistentMap.empty(), 0);

  private final PersistentMap<String, PeerState> peers;
  private final long fingerprint;

  private PeerTable(PersistentMap<String, PeerState> peers, long fingerprint) {
    this.peers = peers;
    this.fingerprint = fingerprint;
  }

  /**
   * Another number if a peer has come, gone or started anew, or has another address, group, role or
   * memory; 0 if there is none. The same on all members, and kept up to date: a thousand workers
   * ask again and again whether anything of a thousand peers has changed.
   */
  long fingerprint() {
    return fingerprint;
  }

  public int size() {
    return peers.size();
  }

  boolean containsKey(String id) {
    return peers.containsKey(id);
  }

  /** Returns the peer, or null. */
  public PeerState get(String id) {
    return peers.get(id);
  }

  void forEach(BiConsumer<? super String, ? super PeerState> action) {
    peers.forEach(action);
  }

  PeerTable with(PeerState peer) {
    PeerState before = get(peer.info().id());
    long changed = isSame(before, peer) ? 0 : fingerprint(peer) - fingerprint(before);
    return new PeerTable(peers.with(peer.info().id(), peer), fingerprint + changed);
  }

  PeerTable without(String id) {
    return new PeerTable(peers.without(id), fingerprint - fingerprint(get(id)));
  }

  private static boolean isSame(PeerState before, PeerState now) {
    return before != null
        && before.info().equals(now.info())
        && before.session() == now.session()
        && before.load().capacityBytes() == now.load().capacityBytes();
  }

  /** Numbers that are added up, so the order of the peers is of no meaning. */
  private static long fingerprint(PeerState peer) {
    if (peer == null) {
      return 0;
    }
    long hash = Rendezvous.hash(peer.info().toString());
    hash = Rendezvous.mix(hash ^ peer.session());
    return Rendezvous.mix(hash ^ peer.load().capacityBytes());
  }
}
