// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.locator;

import io.mows.alluxio.conf.SecurityConf;
import io.mows.p2p.locator.raft.LocatorTls;
import java.util.Optional;

/** The settings of security in the locator's terms. */
final class LocatorSecurity {
  private LocatorSecurity() {}

  static Optional<LocatorTls> tls(SecurityConf conf) {
    return conf.tls()
        .map(
            files ->
                new LocatorTls(
                    files.key().toFile(), files.certificates().toFile(), files.trusted().toFile()));
  }
}
