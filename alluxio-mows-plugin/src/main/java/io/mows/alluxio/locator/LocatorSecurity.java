// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.locator;

import io.mows.alluxio.conf.SecurityConf;
import io.mows.channel.security.SecretFile;
import io.mows.p2p.locator.MessageSeal;
import io.mows.p2p.locator.raft.LocatorTls;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** The settings of security in the locator's terms. */
final class LocatorSecurity {
  private LocatorSecurity() {}

  /**
   * @throws IOException if the secret cannot be read any more; says what to do
   */
  static MessageSeal seal(SecurityConf conf) throws IOException {
    Optional<Path> file = conf.secretFile();
    return file.isPresent() ? MessageSeal.of(SecretFile.read(file.get())) : MessageSeal.none();
  }

  static Optional<LocatorTls> tls(SecurityConf conf) {
    return conf.tls()
        .map(
            files ->
                new LocatorTls(
                    files.key().toFile(), files.certificates().toFile(), files.trusted().toFile()));
  }
}
