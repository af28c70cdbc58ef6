// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.locator;

import io.mows.p2p.locator.wire.WireException;
import io.mows.p2p.locator.wire.WireReader;
import io.mows.p2p.locator.wire.WireWriter;

/** What a peer is there for. */
public enum PeerRole {
  /** Runs an inference service and caches what that reads. */
  INSTANCE(0),
  /** Holds models in memory for every group (cacheroot). */
  WARMUP(1);

  private final int code;

  PeerRole(int code) {
    this.code = code;
  }

  void write(WireWriter out) {
    out.putByte(code);
  }

  static PeerRole read(WireReader in) throws WireException {
    int code = in.readByte();
    for (PeerRole role : values()) {
      if (role.code == code) {
        return role;
      }
    }
    throw new WireException("a role is of unknown kind " + code);
  }
}
