// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.locator;

import io.mows.p2p.locator.LocatorStatus.FileStatus;
import io.mows.p2p.locator.LocatorStatus.GroupCoverage;
import io.mows.p2p.locator.LocatorStatus.PeerStatus;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;

/** An operator's question: all peers, and the files below a path. Immutable. */
final class StatusQuery {
  static final int MAX_FILES = 10_000;

  private final String pathPrefix;
  private final int maxFiles;

  StatusQuery(String pathPrefix, int maxFiles) {
    this.pathPrefix = pathPrefix;
    this.maxFiles = maxFiles;
  }

  LocatorStatus answer(LocatorState state, long ageMs) {
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
              if (file.info().path().startsWith(pathPrefix)) {
                found.add(file);
              }
            });
    found.sort(
        Comparator.comparing((FileState file) -> file.info().path())
            .thenComparing(file -> file.info().id()));
    List<FileStatus> files = new ArrayList<>();
    found.stream().limit(maxFiles).forEach(file -> files.add(fileStatus(file)));
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

  void write(WireWriter out) {
    out.putText(pathPrefix).putNumber(maxFiles);
  }

  static StatusQuery read(WireReader in) throws WireException {
    return new StatusQuery(
        in.readText(FileInfo.MAX_PATH_BYTES, "a path"),
        (int) in.readNumber(MAX_FILES, "the number of files"));
  }
}
