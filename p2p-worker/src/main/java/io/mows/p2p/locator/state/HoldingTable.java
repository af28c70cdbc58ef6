// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.locator.state;

/** Who has what: the peers, the files, and what was proven of them. Immutable. */
final class HoldingTable {
  static final HoldingTable EMPTY =
      new HoldingTable(
          PeerTable.EMPTY, PersistentMap.empty(), 0, Long.MAX_VALUE, DigestTable.EMPTY);

  private final PeerTable peers;
  private final PersistentMap<Long, FileState> files;
  private final int count;
  private final long nextLeaseEndMs;
  private final DigestTable digests;

  /**
   * @param files by id
   * @param count how many pairs of a peer and a file there are
   * @param nextLeaseEndMs no lease ends before this
   * @param digests of these files
   */
  HoldingTable(
      PeerTable peers,
      PersistentMap<Long, FileState> files,
      int count,
      long nextLeaseEndMs,
      DigestTable digests) {
    this.peers = peers;
    this.files = files;
    this.count = count;
    this.nextLeaseEndMs = nextLeaseEndMs;
    this.digests = digests;
  }

  PeerTable peers() {
    return peers;
  }

  PersistentMap<Long, FileState> files() {
    return files;
  }

  int count() {
    return count;
  }

  long nextLeaseEndMs() {
    return nextLeaseEndMs;
  }

  DigestTable digests() {
    return digests;
  }
}
