// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.locator.state;

import io.mows.p2p.locator.Coverage;
import io.mows.p2p.locator.LocatorStatus;
import io.mows.p2p.locator.LocatorStatus.FileStatus;
import io.mows.p2p.locator.LocatorStatus.GroupCoverage;
import io.mows.p2p.locator.LocatorStatus.PeerStatus;
import io.mows.p2p.locator.protocol.StatusQuery;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;

/** What the state tells an operator. */
final class StatusAnswer {
  private StatusAnswer() {}

  static LocatorStatus to(StatusQuery query, LocatorState state, long ageMs) {
    List<PeerStatus> peers = new ArrayList<>(state.peers().size());
    state.peers().forEach((id, peer) -> peers.add(peerStatus(peer, state)));
    peers.sort(
        Comparator.comparing((PeerStatus status) -> status.peer().group())
            .thenComparing(status -> status.peer().id()));
    List<FileState> found = new ArrayList<>();
    state
        .files()
        .forEach(
            (id, file) -> {
              if (file.info().path().startsWith(query.pathPrefix())) {
                found.add(file);
              }
            });
    found.sort(
        Comparator.comparing((FileState file) -> file.info().path())
            .thenComparing(file -> file.info().id()));
    List<FileStatus> files = new ArrayList<>();
    found.stream().limit(query.maxFiles()).forEach(file -> files.add(fileStatus(file)));
    return new LocatorStatus(state.epoch(), ageMs, peers, files, found.size());
  }

  private static PeerStatus peerStatus(PeerState peer, LocatorState state) {
    long[] heldBytes = {0};
    peer.files()
        .forEach(
            (id, coverage) -> {
              long lengthBytes = state.files().get(id).info().lengthBytes();
              heldBytes[0] += (long) (lengthBytes * (coverage.permille() / 1000.0));
            });
    return new PeerStatus(
        peer.info(),
        peer.load(),
        peer.files().size(),
        heldBytes[0],
        Math.max(0, peer.leaseEndMs() - state.clockMs()));
  }

  private static FileStatus fileStatus(FileState file) {
    TreeMap<String, int[]> counts = new TreeMap<>();
    file.holders()
        .forEach(
            (id, holding) -> {
              int[] count = counts.computeIfAbsent(holding.peer().group(), group -> new int[4]);
              Coverage coverage = holding.coverage();
              count[0] += coverage.isComplete() ? 1 : 0;
              count[1] += coverage.permille() > 0 && !coverage.isComplete() ? 1 : 0;
              count[2] += coverage.isFetching() ? 1 : 0;
              count[3] = Math.max(count[3], coverage.permille());
            });
    List<GroupCoverage> groups = new ArrayList<>();
    counts.forEach((group, c) -> groups.add(new GroupCoverage(group, c[0], c[1], c[2], c[3])));
    return new FileStatus(file.info(), groups);
  }
}
