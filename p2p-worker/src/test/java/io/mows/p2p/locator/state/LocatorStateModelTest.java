// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.locator.state;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.mows.p2p.locator.Coverage;
import io.mows.p2p.locator.LocatorLimits;
import io.mows.p2p.locator.PeerInfo;
import io.mows.p2p.locator.PeerLoad;
import io.mows.p2p.locator.protocol.Announcement;
import io.mows.p2p.locator.protocol.EntryCodec;
import io.mows.p2p.locator.protocol.EntryReply.Result;
import io.mows.p2p.locator.protocol.FileChange;
import io.mows.p2p.locator.protocol.LocatorEntry;
import io.mows.p2p.locator.state.StateRules.StampedEntry;
import io.mows.p2p.locator.state.StateRules.Transition;
import io.mows.p2p.locator.wire.WireException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Random histories: the state against a model that is too simple to be wrong. */
final class LocatorStateModelTest {
  private static final int PEERS = 12;
  private static final int FILES = 30;
  private static final long LEASE_MS = 15_000;

  private long clockMs;
  private final Map<String, ModelPeer> model = new TreeMap<>();

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void shouldAgreeWithTheModel(long seed) throws WireException {
    Random random = new Random(seed);
    Set<Result> seen = EnumSet.noneOf(Result.class);
    LocatorState state = LocatorState.empty();
    long[] seqs = new long[PEERS];
    long timeMs = 1_000_000;
    for (int step = 0; step < 1_500; step++) {
      long gapMs = random.nextInt(50) == 0 ? 60_000 : random.nextInt(1_500);
      timeMs += gapMs;
      clockMs += step == 0 ? 0 : Math.min(gapMs, 5_000);
      model.values().removeIf(peer -> peer.leaseEndMs < clockMs);
      LocatorEntry entry = entry(random, seqs);
      // Every entry goes through its bytes, as it would through the log.
      Transition transition =
          StateRules.apply(
              state, new StampedEntry(EntryCodec.read(entry.toBytes()), timeMs, random.nextLong()));
      state = transition.state();
      String where = "seed " + seed + ", step " + step;
      seen.add(transition.reply().result());
      assertEquals(expectedResult(entry), transition.reply().result(), where);
      assertEquals(modelContent(), content(state), where);
      if (step % 100 == 0) {
        byte[] snapshot = StateCodec.write(state);
        state = StateCodec.read(snapshot, LocatorLimits.DEFAULT);
        assertArrayEquals(snapshot, StateCodec.write(state), where);
      }
    }
    assertEquals(
        EnumSet.of(Result.OK, Result.FULL_NEEDED, Result.REPLACED), seen, "the history is dull");
  }

  @Test
  void shouldBeTheSameOnEveryMember() {
    long seed = 31;
    LocatorState one = run(new Random(seed), LocatorState.empty(), 500);
    LocatorState other = run(new Random(seed), LocatorState.empty(), 500);
    assertArrayEquals(StateCodec.write(one), StateCodec.write(other), "seed " + seed);
  }

  private static LocatorState run(Random random, LocatorState start, int steps) {
    LocatorState state = start;
    long[] seqs = new long[PEERS];
    for (int step = 1; step <= steps; step++) {
      state =
          StateRules.apply(
                  state, new StampedEntry(entry(random, seqs), step * 700L, random.nextLong()))
              .state();
    }
    return state;
  }

  private static LocatorEntry entry(Random random, long[] seqs) {
    int n = random.nextInt(PEERS);
    PeerInfo peer = Peers.peer(n);
    long session = 100L + random.nextInt(20) / 19;
    int kind = random.nextInt(20);
    if (kind == 0) {
      return new LocatorEntry.Departure(peer.id(), session);
    }
    long base = Math.max(0, seqs[n] - (random.nextInt(10) == 0 ? 1 : 0));
    seqs[n] += random.nextInt(15) == 0 ? 0 : 1;
    long seq = Math.max(1, seqs[n]);
    List<FileChange> changes = new ArrayList<>();
    int count = random.nextInt(5);
    for (int i = 0; i < count; i++) {
      long file = 1L + random.nextInt(FILES);
      Coverage coverage = Coverage.ofPermille(random.nextInt(1001), random.nextBoolean());
      if (kind < 6 || random.nextInt(3) > 0) {
        changes.add(Peers.put(file, coverage));
      } else {
        changes.add(random.nextBoolean() ? Peers.update(file, coverage) : Peers.remove(file));
      }
    }
    return kind < 6
        ? Announcement.full(peer, session, seq, LEASE_MS, PeerLoad.NONE, changes)
        : Announcement.delta(peer.id(), session, seq, base, LEASE_MS, PeerLoad.NONE, changes);
  }

  private Result expectedResult(LocatorEntry entry) {
    ModelPeer known = model.get(entry.peerId());
    if (known != null && entry.session() < known.session) {
      return Result.REPLACED;
    }
    if (entry instanceof LocatorEntry.Departure) {
      model.remove(entry.peerId());
      return Result.OK;
    }
    Announcement said = (Announcement) entry;
    boolean same = known != null && known.session == said.session();
    if (same && said.seq() <= known.seq) {
      return Result.OK;
    }
    if (!said.isFull()) {
      boolean unknownUpdate =
          same
              && said.changes().stream()
                  .anyMatch(
                      c -> !c.isPut() && !c.isRemoval() && !known.files.containsKey(c.fileId()));
      if (!same || said.base() > known.seq || unknownUpdate) {
        return Result.FULL_NEEDED;
      }
    }
    ModelPeer next = said.isFull() ? new ModelPeer() : known;
    next.session = said.session();
    next.seq = said.seq();
    next.leaseEndMs = clockMs + said.leaseMs();
    for (FileChange change : said.changes()) {
      if (change.isRemoval()) {
        next.files.remove(change.fileId());
      } else {
        next.files.put(change.fileId(), change.coverage());
      }
    }
    model.put(said.peerId(), next);
    return Result.OK;
  }

  private Map<String, Map<Long, Coverage>> modelContent() {
    Map<String, Map<Long, Coverage>> content = new HashMap<>();
    model.forEach((id, peer) -> content.put(id, peer.files));
    return content;
  }

  /** What the state says by file must be what it says by peer; returns that. */
  private static Map<String, Map<Long, Coverage>> content(LocatorState state) {
    Map<String, Map<Long, Coverage>> byPeer = new HashMap<>();
    int[] holdings = {0};
    state
        .peers()
        .forEach(
            (id, peer) -> {
              Map<Long, Coverage> files = new HashMap<>();
              peer.files().forEach(files::put);
              byPeer.put(id, files);
              holdings[0] += files.size();
            });
    Map<String, Map<Long, Coverage>> byFile = new HashMap<>();
    byPeer.keySet().forEach(id -> byFile.put(id, new HashMap<>()));
    state
        .files()
        .forEach(
            (fileId, file) ->
                file.holders()
                    .forEach((id, holding) -> byFile.get(id).put(fileId, holding.coverage())));
    assertEquals(byPeer, byFile);
    assertEquals(holdings[0], state.holdings());
    return byPeer;
  }

  private static final class ModelPeer {
    final Map<Long, Coverage> files = new HashMap<>();
    long session;
    long seq;
    long leaseEndMs;
  }
}
