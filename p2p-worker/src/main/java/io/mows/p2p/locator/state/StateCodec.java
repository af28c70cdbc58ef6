// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.locator.state;

import io.mows.p2p.locator.Coverage;
import io.mows.p2p.locator.FileInfo;
import io.mows.p2p.locator.LocatorLimits;
import io.mows.p2p.locator.PeerInfo;
import io.mows.p2p.locator.PeerLoad;
import io.mows.p2p.locator.protocol.FileChange;
import io.mows.p2p.locator.state.FileState.Holding;
import io.mows.p2p.locator.wire.WireException;
import io.mows.p2p.locator.wire.WireReader;
import io.mows.p2p.locator.wire.WireWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;

/**
 * A whole state as bytes: version, clocks, files by id, then each peer by id with what it holds as
 * (gap in the file table, coverage) pairs, then the digests, warm-up jobs and the use of models.
 * Equal states give equal bytes.
 */
final class StateCodec {
  private static final int VERSION = 2;

  private StateCodec() {}

  static byte[] write(LocatorState state) {
    WireWriter out = new WireWriter();
    out.putByte(VERSION);
    out.putLong(state.epoch()).putLong(state.lastTimeMs()).putLong(state.clockMs());
    List<Long> fileIds = new ArrayList<>(state.files().size());
    state.files().forEach((id, file) -> fileIds.add(id));
    fileIds.sort(Comparator.naturalOrder());
    out.putNumber(fileIds.size());
    fileIds.forEach(id -> state.files().get(id).info().write(out));
    List<PeerState> peers = new ArrayList<>(state.peers().size());
    state.peers().forEach((id, peer) -> peers.add(peer));
    peers.sort(Comparator.comparing(peer -> peer.info().id()));
    out.putNumber(peers.size());
    peers.forEach(peer -> writePeer(peer, fileIds, out));
    state.digests().write(out);
    state.jobs().write(out);
    state.uses().write(out);
    return out.toBytes();
  }

  private static void writePeer(PeerState peer, List<Long> fileIds, WireWriter out) {
    PeerInfo info = peer.info();
    info.write(out);
    out.putLong(peer.session()).putNumber(peer.seq()).putNumber(peer.leaseEndMs());
    peer.load().write(out);
    out.putNumber(peer.files().size());
    int[] indexes = new int[peer.files().size()];
    int[] count = {0};
    peer.files()
        .forEach((id, coverage) -> indexes[count[0]++] = Collections.binarySearch(fileIds, id));
    Arrays.sort(indexes);
    int next = 0;
    for (int index : indexes) {
      out.putNumber(index - next);
      out.putNumber(peer.files().get(fileIds.get(index)).code());
      next = index + 1;
    }
  }

  static LocatorState read(byte[] bytes, LocatorLimits limits) throws WireException {
    WireReader in = new WireReader(bytes);
    int version = in.readByte();
    if (version != VERSION) {
      throw new WireException("a snapshot is of version " + version + ", this is " + VERSION);
    }
    StateTimes times = new StateTimes(in.readLong(), in.readLong(), in.readLong());
    int fileCount = in.readCount(limits.maxFiles(), "files");
    List<FileInfo> infos = new ArrayList<>(fileCount);
    List<PersistentMap<String, Holding>> holders = new ArrayList<>(fileCount);
    for (int i = 0; i < fileCount; i++) {
      FileInfo info = FileInfo.read(in);
      if (i > 0 && info.id() <= infos.get(i - 1).id()) {
        throw new WireException("the files of a snapshot are out of order");
      }
      infos.add(info);
      holders.add(PersistentMap.empty());
    }
    int peerCount = in.readCount(limits.maxPeers(), "peers");
    PeerTable peers = PeerTable.EMPTY;
    int holdings = 0;
    long nextLeaseEndMs = Long.MAX_VALUE;
    for (int i = 0; i < peerCount; i++) {
      PeerState peer = readPeer(in, infos, holders);
      peers = peers.with(peer);
      holdings += peer.files().size();
      nextLeaseEndMs = Math.min(nextLeaseEndMs, peer.leaseEndMs());
    }
    DigestTable digests = DigestTable.read(in);
    JobTable jobs = JobTable.read(in);
    ModelUses uses = ModelUses.read(in);
    in.expectEnd();
    PersistentMap<Long, FileState> files = PersistentMap.empty();
    for (int i = 0; i < fileCount; i++) {
      files = files.with(infos.get(i).id(), new FileState(infos.get(i), holders.get(i)));
    }
    HoldingTable table = new HoldingTable(peers, files, holdings, nextLeaseEndMs, digests);
    return new LocatorState(limits, times, table, jobs, uses);
  }

  private static PeerState readPeer(
      WireReader in, List<FileInfo> infos, List<PersistentMap<String, Holding>> holders)
      throws WireException {
    PeerInfo info = PeerInfo.read(in);
    String id = info.id();
    long session = in.readLong();
    long seq = in.readNumber(Long.MAX_VALUE, "a sequence number");
    long leaseEndMs = in.readNumber(Long.MAX_VALUE, "a lease end");
    PeerLoad load = PeerLoad.read(in);
    int count = in.readCount(infos.size(), "files of a peer");
    PersistentMap<Long, Coverage> held = PersistentMap.empty();
    int index = 0;
    for (int i = 0; i < count; i++) {
      index += (int) in.readNumber(infos.size(), "a step in the file table");
      if (index >= infos.size()) {
        throw new WireException("a peer holds a file that is not in the snapshot");
      }
      Coverage coverage = FileChange.readCoverage(in);
      held = held.with(infos.get(index).id(), coverage);
      holders.set(index, holders.get(index).with(id, new Holding(info, coverage)));
      index++;
    }
    return new PeerState(info, session, seq, leaseEndMs, load, held);
  }
}
