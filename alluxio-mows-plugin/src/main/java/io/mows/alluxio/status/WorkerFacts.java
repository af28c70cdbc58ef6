// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.status;

import io.mows.p2p.fetch.FileSpec;
import io.mows.p2p.fetch.FileStatus;
import io.mows.p2p.locator.PeerInfo;
import java.util.BitSet;
import java.util.List;
import java.util.Map;

/** What a worker knows of itself. All methods return at once, on any thread. */
public interface WorkerFacts {
  /** {@code host:port} of its web server. */
  String worker();

  /** As it is known to its peers. */
  PeerInfo self();

  long capacityBytes();

  long freeBytes();

  /** Byte counters by their names in the answer. */
  Map<String, Long> bytes();

  /** The fastest that anything was received in the last minutes; 0 if not known. */
  long peakLinkBytesPerSecond();

  /** The accelerated files that it was ever asked for, some thousands at most. */
  List<FileSpec> knownFiles();

  FileStatus status(FileSpec file);

  /** The pieces of a file that are in memory. */
  BitSet pieces(FileSpec file);

  /** Lists of rows by their names in the answer. */
  Map<String, List<Map<String, Object>>> lists();
}
