// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.locator.state;

import io.mows.p2p.locator.Coverage;
import io.mows.p2p.locator.FileInfo;
import io.mows.p2p.locator.PeerInfo;
import io.mows.p2p.locator.PeerRole;
import io.mows.p2p.locator.state.FileState.Holding;
import io.mows.p2p.piece.Rendezvous;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/**
 * Chooses the peers that one asker is told of. Everybody cannot talk to everybody in a swarm of a
 * thousand, and if everybody was told of the same few, these would be overrun; so within equal
 * merit the order is a rendezvous hash of asker and peer.
 *
 * <p>Group peers come first, but never take all places: up to a quarter is kept for warm-up peers
 * and an eighth for other groups, so that a group that knows only half a file sees who has it all.
 *
 * <p>Apart from these it names those that fetch the file together with the asker and come first by
 * the key by which a swarm draws the owners of its pieces. All who ask are told of the same ones:
 * in a swarm larger than an answer they would not agree else on who reads from the origin.
 */
final class HolderRanking {
  private static final int GROUP = 0;
  private static final int WARMUP = 1;
  private static final int OTHERS = 2;
  private static final long INCOMPLETE = 1L << 63;

  private final long ownersKey;
  private final long askerKey;
  private final String asker;
  private final String group;
  private final PeerRole role;
  private final List<Best> tiers;
  private final Best owners;
  private final int limit;
  private int holders;
  private int complete;

  /**
   * @param asker the id of the peer that is to be told
   * @param group its group
   * @param role its role
   * @param limit how many holders to tell it of
   * @param ownerLimit how many fetching peers to tell it of
   */
  HolderRanking(
      FileInfo file, String asker, String group, PeerRole role, int limit, int ownerLimit) {
    this.ownersKey = Rendezvous.affinity(file.path());
    this.askerKey = Rendezvous.mix(file.id()) ^ Rendezvous.hash(asker);
    this.asker = asker;
    this.group = group;
    this.role = role;
    this.limit = limit;
    this.tiers = List.of(new Best(limit), new Best(limit), new Best(limit));
    this.owners = new Best(ownerLimit);
  }

  void add(Holding holding) {
    PeerInfo peer = holding.peer();
    Coverage coverage = holding.coverage();
    if (coverage.isFetching() && sharesOrigin(peer)) {
      // The highest weight is the lowest key.
      owners.offer(~Rendezvous.weight(ownersKey, peer.idHash()), holding);
    }
    if (peer.id().equals(asker)) {
      return;
    }
    holders++;
    if (coverage.isComplete()) {
      complete++;
    }
    long order = Rendezvous.combine(askerKey, peer.idHash()) >>> 1;
    tiers.get(tier(peer)).offer(coverage.isComplete() ? order : order | INCOMPLETE, holding);
  }

  int holders() {
    return holders;
  }

  int complete() {
    return complete;
  }

  List<Holding> neighbours() {
    int warmupKept = Math.min(tiers.get(WARMUP).size(), limit / 4);
    int othersKept = Math.min(tiers.get(OTHERS).size(), limit / 8);
    List<Holding> chosen = new ArrayList<>(limit);
    tiers.get(GROUP).takeInto(chosen, limit - warmupKept - othersKept);
    tiers.get(WARMUP).takeInto(chosen, limit - othersKept - chosen.size());
    tiers.get(OTHERS).takeInto(chosen, limit - chosen.size());
    return chosen;
  }

  List<Holding> owners() {
    List<Holding> chosen = new ArrayList<>();
    owners.takeInto(chosen, Integer.MAX_VALUE);
    return chosen;
  }

  /** Warm-up workers are one group; instances share the reading with those of their own. */
  private boolean sharesOrigin(PeerInfo peer) {
    return peer.role() == role && (role == PeerRole.WARMUP || peer.group().equals(group));
  }

  private int tier(PeerInfo peer) {
    if (peer.group().equals(group)) {
      return GROUP;
    }
    return peer.role() == PeerRole.WARMUP ? WARMUP : OTHERS;
  }

  /** Keeps the {@code capacity} holdings with the lowest keys, as unsigned numbers. */
  private static final class Best {
    private static final Comparator<Ranked> LOWEST_FIRST =
        (a, b) -> {
          int byKey = Long.compareUnsigned(a.key, b.key);
          return byKey != 0 ? byKey : a.holding.peer().id().compareTo(b.holding.peer().id());
        };

    private final PriorityQueue<Ranked> worstFirst =
        new PriorityQueue<>(Collections.reverseOrder(LOWEST_FIRST));
    private final int capacity;

    Best(int capacity) {
      this.capacity = capacity;
    }

    int size() {
      return worstFirst.size();
    }

    void offer(long key, Holding holding) {
      boolean isFull = worstFirst.size() >= capacity;
      if (isFull && (capacity == 0 || Long.compareUnsigned(key, worstFirst.element().key) > 0)) {
        return;
      }
      worstFirst.add(new Ranked(key, holding));
      if (isFull) {
        worstFirst.remove();
      }
    }

    void takeInto(List<Holding> chosen, int count) {
      worstFirst.stream()
          .sorted(LOWEST_FIRST)
          .limit(count)
          .forEach(ranked -> chosen.add(ranked.holding));
    }
  }

  private static final class Ranked {
    final long key;
    final Holding holding;

    Ranked(long key, Holding holding) {
      this.key = key;
      this.holding = holding;
    }
  }
}
