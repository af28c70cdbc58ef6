// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch.state;

import io.mows.p2p.fetch.FileSpec;
import io.mows.p2p.piece.PieceDigest;

/** What the locator is told. Returns at once. */
public interface LocatorEffects {
  /** For a worker that shares with nobody. */
  LocatorEffects NONE =
      new LocatorEffects() {
        @Override
        public void announce(FileSpec file, int present, boolean fetching) {}

        @Override
        public void withdraw(long fileId) {}

        @Override
        public void prove(FileSpec file, PieceDigest digest) {}
      };

  void announce(FileSpec file, int present, boolean fetching);

  void withdraw(long fileId);

  void prove(FileSpec file, PieceDigest digest);
}
