// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.locator.state;

import io.mows.p2p.locator.Coverage;
import io.mows.p2p.locator.FileInfo;
import io.mows.p2p.locator.PeerInfo;

/** What the directory knows of one file: at least one peer holds or fetches it. Immutable. */
public final class FileState {
  private final FileInfo info;
  private final PersistentMap<String, Holding> holders;

  FileState(FileInfo info, PersistentMap<String, Holding> holders) {
    this.info = info;
    this.holders = holders;
  }

  FileInfo info() {
    return info;
  }

  /** By peer id. */
  public PersistentMap<String, Holding> holders() {
    return holders;
  }

  /** One peer's part in a file. */
  static final class Holding {
    private final PeerInfo peer;
    private final Coverage coverage;

    Holding(PeerInfo peer, Coverage coverage) {
      this.peer = peer;
      this.coverage = coverage;
    }

    PeerInfo peer() {
      return peer;
    }

    Coverage coverage() {
      return coverage;
    }
  }
}
