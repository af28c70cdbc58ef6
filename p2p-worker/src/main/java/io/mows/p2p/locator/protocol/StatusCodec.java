// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.locator.protocol;

import io.mows.p2p.locator.FileInfo;
import io.mows.p2p.locator.LocatorLimits;
import io.mows.p2p.locator.LocatorStatus;
import io.mows.p2p.locator.LocatorStatus.FileStatus;
import io.mows.p2p.locator.LocatorStatus.GroupCoverage;
import io.mows.p2p.locator.LocatorStatus.PeerStatus;
import io.mows.p2p.locator.PeerInfo;
import io.mows.p2p.locator.PeerLoad;
import io.mows.p2p.locator.wire.WireException;
import io.mows.p2p.locator.wire.WireReader;
import io.mows.p2p.locator.wire.WireWriter;
import java.util.ArrayList;
import java.util.List;

/** A {@link LocatorStatus} as bytes. */
public final class StatusCodec {
  private static final int MAX_COUNT = Integer.MAX_VALUE;

  private StatusCodec() {}

  public static void write(LocatorStatus status, WireWriter out) {
    out.putNumber(status.peers().size());
    for (PeerStatus each : status.peers()) {
      each.peer().write(out);
      each.load().write(out);
      out.putNumber(each.fileCount()).putNumber(each.heldBytes());
      out.putNumber(each.leaseLeftMs());
    }
    out.putNumber(status.fileCount()).putNumber(status.files().size());
    for (FileStatus file : status.files()) {
      file.file().write(out);
      out.putNumber(file.groups().size());
      for (GroupCoverage group : file.groups()) {
        out.putText(group.group()).putNumber(group.complete()).putNumber(group.partial());
        out.putNumber(group.fetching()).putNumber(group.bestPermille());
      }
    }
  }

  static LocatorStatus read(WireReader in, long epoch, long ageMs) throws WireException {
    int peerCount = in.readCount(LocatorLimits.DEFAULT.maxPeers(), "peers");
    List<PeerStatus> peers = new ArrayList<>(peerCount);
    for (int i = 0; i < peerCount; i++) {
      PeerInfo peer = PeerInfo.read(in);
      PeerLoad load = PeerLoad.read(in);
      int files = readCount(in);
      long heldBytes = in.readNumber(Long.MAX_VALUE, "held bytes");
      long leaseLeftMs = in.readNumber(Long.MAX_VALUE, "a lease");
      peers.add(new PeerStatus(peer, load, files, heldBytes, leaseLeftMs));
    }
    int matching = readCount(in);
    int fileCount = in.readCount(StatusQuery.MAX_FILES, "files");
    List<FileStatus> files = new ArrayList<>(fileCount);
    for (int i = 0; i < fileCount; i++) {
      FileInfo file = FileInfo.read(in);
      int groupCount = in.readCount(LocatorLimits.DEFAULT.maxPeers(), "groups");
      List<GroupCoverage> groups = new ArrayList<>(groupCount);
      for (int j = 0; j < groupCount; j++) {
        String group = in.readText(PeerInfo.MAX_GROUP_BYTES, "a group");
        groups.add(
            new GroupCoverage(group, readCount(in), readCount(in), readCount(in), readCount(in)));
      }
      files.add(new FileStatus(file, groups));
    }
    return new LocatorStatus(epoch, ageMs, peers, files, matching);
  }

  private static int readCount(WireReader in) throws WireException {
    return (int) in.readNumber(MAX_COUNT, "a count");
  }
}
