// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.locator.protocol;

import io.mows.p2p.locator.Holder;
import io.mows.p2p.locator.Lookup;
import io.mows.p2p.locator.PeerInfo;
import io.mows.p2p.locator.PeerLoad;
import io.mows.p2p.locator.wire.WireException;
import io.mows.p2p.locator.wire.WireReader;
import io.mows.p2p.locator.wire.WireWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The answers to one {@link LookupQuery} as bytes: each peer once in a table, then for each file
 * the two lists as (index in the table, coverage) pairs.
 */
public final class LookupCodec {
  private static final int MAX_PEERS =
      LookupQuery.MAX_FILES * (LookupQuery.MAX_NEIGHBOURS + LookupQuery.MAX_OWNERS);

  private LookupCodec() {}

  public static void write(List<Lookup> lookups, WireWriter out) {
    Map<String, Integer> indexes = new LinkedHashMap<>();
    List<Holder> table = new ArrayList<>();
    for (Lookup lookup : lookups) {
      collect(lookup.neighbours(), indexes, table);
      collect(lookup.owners(), indexes, table);
    }
    out.putNumber(table.size());
    for (Holder holder : table) {
      holder.peer().write(out);
      holder.load().write(out);
    }
    out.putNumber(lookups.isEmpty() ? 0 : lookups.get(0).peerCount());
    out.putNumber(lookups.size());
    for (Lookup lookup : lookups) {
      out.putLong(lookup.fileId()).putNumber(lookup.holderCount());
      out.putNumber(lookup.completeCount());
      writeHolders(lookup.neighbours(), indexes, out);
      writeHolders(lookup.owners(), indexes, out);
    }
  }

  private static void collect(
      List<Holder> holders, Map<String, Integer> indexes, List<Holder> table) {
    for (Holder holder : holders) {
      if (indexes.putIfAbsent(holder.peer().id(), table.size()) == null) {
        table.add(holder);
      }
    }
  }

  private static void writeHolders(
      List<Holder> holders, Map<String, Integer> indexes, WireWriter out) {
    out.putNumber(holders.size());
    for (Holder holder : holders) {
      out.putNumber(indexes.get(holder.peer().id())).putNumber(holder.coverage().code());
    }
  }

  static List<Lookup> read(WireReader in, long epoch, long ageMs) throws WireException {
    int peerCount = in.readCount(MAX_PEERS, "peers");
    List<PeerInfo> peers = new ArrayList<>(peerCount);
    List<PeerLoad> loads = new ArrayList<>(peerCount);
    for (int i = 0; i < peerCount; i++) {
      peers.add(PeerInfo.read(in));
      loads.add(PeerLoad.read(in));
    }
    int allPeers = (int) in.readNumber(Integer.MAX_VALUE, "the number of all peers");
    int count = in.readCount(LookupQuery.MAX_FILES, "files");
    List<Lookup> lookups = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      long fileId = in.readLong();
      int holders = (int) in.readNumber(Integer.MAX_VALUE, "the number of holders");
      int complete = (int) in.readNumber(holders, "the number of complete holders");
      List<Holder> neighbours = readHolders(in, LookupQuery.MAX_NEIGHBOURS, peers, loads);
      List<Holder> owners = readHolders(in, LookupQuery.MAX_OWNERS, peers, loads);
      lookups.add(
          new Lookup(fileId, neighbours, owners, holders, complete, allPeers, epoch, ageMs));
    }
    return lookups;
  }

  private static List<Holder> readHolders(
      WireReader in, int max, List<PeerInfo> peers, List<PeerLoad> loads) throws WireException {
    int count = in.readCount(max, "holders");
    List<Holder> holders = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      int index = (int) in.readNumber(peers.size() - 1L, "a place in the table of peers");
      holders.add(new Holder(peers.get(index), FileChange.readCoverage(in), loads.get(index)));
    }
    return holders;
  }
}
