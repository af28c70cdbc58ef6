// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.locator.state;

import static io.mows.p2p.locator.state.Peers.peer;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mows.p2p.locator.Coverage;
import io.mows.p2p.locator.FileInfo;
import io.mows.p2p.locator.PeerInfo;
import io.mows.p2p.locator.PeerRole;
import io.mows.p2p.locator.state.FileState.Holding;
import io.mows.p2p.piece.Rendezvous;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

final class HolderRankingTest {
  private static final FileInfo FILE = new FileInfo(77, "/models/m/part-1.safetensors", 1);

  private final List<Holding> holdings = new ArrayList<>();

  private void hold(int from, int to, String group, PeerRole role, Coverage coverage) {
    for (int n = from; n < to; n++) {
      holdings.add(new Holding(peer(n, group, role), coverage));
    }
  }

  private HolderRanking rank(int asker, int limit) {
    return rank(FILE, peer(asker), limit);
  }

  private HolderRanking rank(FileInfo file, PeerInfo asker, int limit) {
    HolderRanking ranking =
        new HolderRanking(file, asker.id(), asker.group(), asker.role(), limit, 8);
    holdings.forEach(ranking::add);
    return ranking;
  }

  private static List<String> ids(List<Holding> chosen) {
    return chosen.stream().map(holding -> holding.peer().id()).collect(Collectors.toList());
  }

  @Test
  void shouldNameTheOwnGroupThenWarmupThenOthersAndCompleteOnesFirst() {
    hold(1, 2, "chat", PeerRole.INSTANCE, Peers.part(500));
    hold(2, 3, "other", PeerRole.INSTANCE, Coverage.COMPLETE);
    hold(3, 4, "other", PeerRole.INSTANCE, Peers.part(1));
    hold(4, 5, "warm", PeerRole.WARMUP, Peers.part(900));
    hold(5, 6, "warm", PeerRole.WARMUP, Coverage.COMPLETE);
    hold(6, 7, "chat", PeerRole.INSTANCE, Coverage.COMPLETE);
    hold(7, 8, "chat", PeerRole.INSTANCE, Coverage.COMPLETE); // the asker

    HolderRanking ranking = rank(7, 32);
    assertEquals(
        List.of("peer-6", "peer-1", "peer-5", "peer-4", "peer-2", "peer-3"),
        ids(ranking.neighbours()));
    assertEquals(6, ranking.holders());
    assertEquals(3, ranking.complete());
  }

  @Test
  void shouldKeepPlacesForThoseWhoMayHaveItAll() {
    hold(100, 600, "chat", PeerRole.INSTANCE, Peers.part(1));
    hold(1, 3, "warm", PeerRole.WARMUP, Coverage.COMPLETE);
    hold(3, 50, "other", PeerRole.INSTANCE, Coverage.COMPLETE);

    List<String> chosen = ids(rank(100, 32).neighbours());
    assertEquals(32, chosen.size());
    assertTrue(chosen.containsAll(List.of("peer-1", "peer-2")), chosen.toString());
    assertEquals(26, chosen.stream().filter(id -> id.length() == "peer-100".length()).count());
  }

  @Test
  void shouldUseFreePlacesForWhoeverIsThere() {
    hold(1, 100, "other", PeerRole.INSTANCE, Coverage.COMPLETE);
    assertEquals(32, rank(500, 32).neighbours().size());
  }

  @Test
  void shouldSpreadAskersOverTheHolders() {
    hold(0, 200, "chat", PeerRole.INSTANCE, Coverage.COMPLETE);
    int[] named = new int[200];
    for (int asker = 0; asker < 200; asker++) {
      for (String id : ids(rank(asker, 16).neighbours())) {
        named[Integer.parseInt(id.substring("peer-".length()))]++;
      }
    }
    for (int n = 0; n < 200; n++) {
      assertTrue(named[n] >= 3 && named[n] <= 40, "peer " + n + " was named " + named[n]);
    }
  }

  @Test
  void shouldNameTheSameOwnersToEverybodyAndOnlyThoseThatAreFetching() {
    hold(0, 100, "chat", PeerRole.INSTANCE, Peers.part(10));
    hold(100, 200, "other", PeerRole.INSTANCE, Peers.part(0));
    hold(200, 300, "chat", PeerRole.INSTANCE, Coverage.COMPLETE);
    Set<List<String>> views = new HashSet<>();
    for (int asker = 0; asker < 300; asker += 7) {
      views.add(ids(rank(asker, 16).owners()));
    }
    assertEquals(1, views.size());
    List<String> owners = views.iterator().next();
    assertEquals(8, owners.size());

    holdings.removeIf(holding -> holding.peer().id().equals(owners.get(0)));
    List<String> rest = ids(rank(1, 16).owners());
    assertEquals(owners.subList(1, 8), rest.subList(0, 7), "one that goes moves only its share");
    assertFalse(rest.contains(owners.get(0)));
  }

  @Test
  void shouldNameThoseFirstWhomTheSwarmTakesForTheOwnersOfAllFilesOfADirectory() {
    hold(0, 300, "chat", PeerRole.INSTANCE, Peers.part(10));
    long key = Rendezvous.affinity(FILE.path());
    List<String> first =
        holdings.stream()
            .map(Holding::peer)
            .sorted((a, b) -> Long.compareUnsigned(weight(key, b), weight(key, a)))
            .limit(8)
            .map(PeerInfo::id)
            .collect(Collectors.toList());
    assertEquals(first, ids(rank(1, 16).owners()));
    FileInfo beside = new FileInfo(78, "/models/m/part-2.safetensors", 1);
    assertEquals(first, ids(rank(beside, peer(2), 16).owners()));
  }

  private static long weight(long key, PeerInfo peer) {
    return Rendezvous.weight(key, peer.idHash());
  }

  @Test
  void shouldNameAsOwnersOnlyThoseWhoShareTheReadingWithTheAsker() {
    hold(0, 500, "other", PeerRole.INSTANCE, Peers.part(10));
    hold(500, 504, "chat", PeerRole.INSTANCE, Peers.part(10));
    hold(504, 508, "chat", PeerRole.WARMUP, Peers.part(10));
    hold(508, 512, "warm", PeerRole.WARMUP, Peers.part(10));
    Set<String> instances = Set.of("peer-500", "peer-501", "peer-502", "peer-503");
    assertEquals(instances, Set.copyOf(ids(rank(500, 16).owners())));
    List<String> warmup = ids(rank(FILE, peer(508, "warm", PeerRole.WARMUP), 16).owners());
    assertEquals(8, warmup.size());
    assertTrue(warmup.containsAll(List.of("peer-504", "peer-511")), warmup.toString());
  }
}
