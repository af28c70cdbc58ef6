// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.locator.state;

import io.mows.p2p.locator.Coverage;
import io.mows.p2p.locator.FileInfo;
import io.mows.p2p.locator.Lookup;
import io.mows.p2p.locator.PeerInfo;
import io.mows.p2p.locator.PeerLoad;
import io.mows.p2p.locator.PeerRole;
import io.mows.p2p.locator.protocol.Announcement;
import io.mows.p2p.locator.protocol.FileChange;
import io.mows.p2p.locator.protocol.LocatorEntry;
import io.mows.p2p.locator.protocol.LookupQuery;
import io.mows.p2p.locator.state.StateRules.StampedEntry;
import io.mows.p2p.locator.state.StateRules.Transition;
import java.util.List;

/** What the tests of the directory are made of. */
public final class Peers {
  public static final long LEASE_MS = 15_000;

  private Peers() {}

  public static PeerInfo peer(int n) {
    return peer(n, "chat", PeerRole.INSTANCE);
  }

  public static PeerInfo peer(int n, String group, PeerRole role) {
    return new PeerInfo("peer-" + n, "host-" + n + ":29991", group, role);
  }

  public static FileInfo file(long n) {
    // As Alluxio numbers files: the low bits are all ones.
    return new FileInfo((n << 24) - 1, "/models/m/" + n, n * 1000);
  }

  public static Coverage part(int permille) {
    return Coverage.ofPermille(permille, true);
  }

  public static Announcement full(PeerInfo peer, long session, long seq, FileChange... changes) {
    return Announcement.full(peer, session, seq, LEASE_MS, PeerLoad.NONE, List.of(changes));
  }

  public static Announcement delta(
      PeerInfo peer, long session, long seq, long base, FileChange... changes) {
    return Announcement.delta(
        peer.id(), session, seq, base, LEASE_MS, PeerLoad.NONE, List.of(changes));
  }

  public static FileChange put(long file, Coverage coverage) {
    return FileChange.put(file(file), coverage);
  }

  public static FileChange update(long file, Coverage coverage) {
    return FileChange.update(file(file).id(), coverage);
  }

  public static FileChange remove(long file) {
    return FileChange.remove(file(file).id());
  }

  public static Transition apply(LocatorState state, long timeMs, LocatorEntry entry) {
    return StateRules.apply(state, new StampedEntry(entry, timeMs, timeMs * 31 + 7));
  }

  public static Lookup lookup(LocatorState state, PeerInfo asker, long file) {
    LookupQuery query =
        new LookupQuery(asker.id(), asker.group(), 32, 32, List.of(file(file).id()));
    return LookupAnswer.to(query, state, 0).get(0);
  }
}
