// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.status;

import io.mows.p2p.fetch.FakeProgress;
import io.mows.p2p.fetch.FakeStatus;
import io.mows.p2p.fetch.FileSpec;
import io.mows.p2p.fetch.FileStatus;
import io.mows.p2p.fetch.FileStatus.Proof;
import io.mows.p2p.locator.PeerInfo;
import io.mows.p2p.locator.PeerRole;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A worker that a test makes up. */
final class FakeFacts implements WorkerFacts {
  private final String host;
  final Map<FileSpec, FileStatus> files = new LinkedHashMap<>();
  final Map<FileSpec, BitSet> pieces = new LinkedHashMap<>();
  final Map<String, Long> bytes = new LinkedHashMap<>();
  final Map<String, List<Map<String, Object>>> lists = new LinkedHashMap<>();

  FakeFacts(String host) {
    this.host = host;
    bytes.put("fromOrigin", 0L);
    bytes.put("fromPeers", 0L);
  }

  static FileSpec file(int id, String path, long lengthBytes) {
    return FakeProgress.of(id, path, lengthBytes, 0).file();
  }

  FakeFacts whole(FileSpec file, Proof proof) {
    files.put(file, FakeStatus.whole(file.layout().lengthBytes(), proof));
    BitSet all = new BitSet();
    all.set(0, file.layout().pieceCount());
    pieces.put(file, all);
    return this;
  }

  /** The first {@code count} pieces of the file are here. */
  FakeFacts arriving(FileSpec file, int count) {
    long held = (long) count * FakeProgress.PIECE_BYTES;
    files.put(file, FakeStatus.arriving(file.layout().lengthBytes(), held, 1_000, 2));
    BitSet first = new BitSet();
    first.set(0, count);
    pieces.put(file, first);
    return this;
  }

  @Override
  public String worker() {
    return host + ":30000";
  }

  @Override
  public PeerInfo self() {
    return new PeerInfo(host + ":29991", host + ":29991", "chat", PeerRole.INSTANCE);
  }

  @Override
  public long capacityBytes() {
    return 1_000_000;
  }

  @Override
  public long freeBytes() {
    return 400_000;
  }

  @Override
  public Map<String, Long> bytes() {
    return bytes;
  }

  @Override
  public long peakLinkBytesPerSecond() {
    return 12_500;
  }

  @Override
  public List<FileSpec> knownFiles() {
    return List.copyOf(files.keySet());
  }

  @Override
  public FileStatus status(FileSpec file) {
    return files.get(file);
  }

  @Override
  public BitSet pieces(FileSpec file) {
    return pieces.get(file);
  }

  @Override
  public Map<String, List<Map<String, Object>>> lists() {
    return lists;
  }
}
