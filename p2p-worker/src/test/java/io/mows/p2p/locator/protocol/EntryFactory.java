// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.locator.protocol;

import io.mows.p2p.locator.Coverage;
import io.mows.p2p.locator.FileInfo;
import io.mows.p2p.locator.PeerInfo;
import io.mows.p2p.locator.PeerLoad;
import io.mows.p2p.locator.PeerRole;
import io.mows.p2p.locator.wire.WireException;
import java.util.ArrayList;
import java.util.List;

/** Entries as bytes, for tests and figures that speak to the members without a worker. */
public final class EntryFactory {
  private static final long LEASE_MS = 60_000;

  private final PeerInfo peer;
  private final long session;
  private long seq;

  public EntryFactory(String id, String group) {
    this(id, group, 1);
  }

  /**
   * @param session when the peer says that it started
   */
  public EntryFactory(String id, String group, long session) {
    this.session = session;
    this.peer = new PeerInfo(id, id + ":29991", group, PeerRole.INSTANCE);
  }

  /** All files from {@code from} to {@code to}, each this far. */
  public byte[] full(int from, int to, Coverage coverage) {
    List<FileChange> changes = new ArrayList<>();
    for (int n = from; n < to; n++) {
      changes.add(FileChange.put(new FileInfo(n, path(n), 1L << 30), coverage));
    }
    return Announcement.full(peer, session, ++seq, LEASE_MS, PeerLoad.NONE, changes).toBytes();
  }

  /** A heartbeat in which one file got further. */
  public byte[] heartbeat(int file, Coverage coverage) {
    seq++;
    return Announcement.delta(
            peer.id(),
            session,
            seq,
            seq - 1,
            LEASE_MS,
            new PeerLoad(seq, 0, 1, 1),
            List.of(FileChange.update(file, coverage)))
        .toBytes();
  }

  public byte[] lookup(List<Long> fileIds) {
    return QueryCodec.write(new LookupQuery(peer.id(), peer.group(), 32, 32, fileIds));
  }

  public static boolean isOk(byte[] reply) throws WireException {
    return EntryReply.read(reply).result() == EntryReply.Result.OK;
  }

  private static String path(int n) {
    return "/models/some-model-70b/shard-" + n + ".safetensors";
  }
}
