// SPDX-License-Identifier: Apache-2.0
package io.mows.channel.testing;

import io.mows.channel.security.ClusterTrust;
import io.mows.channel.security.SecretFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** Makes secrets. */
public final class TestSecrets {
  private TestSecrets() {}

  /** The secrets in the lines of {@code text}, by way of a file in {@code dir}. */
  public static ClusterTrust create(Path dir, String text) throws IOException {
    return create(dir, text, new byte[ClusterTrust.ID_BYTES]);
  }

  /** As {@link #create(Path, String)}, of a cluster with an id. */
  public static ClusterTrust create(Path dir, String text, byte[] clusterId) throws IOException {
    Path file = Files.createTempFile(dir, "secret", "");
    Files.writeString(file, text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    return ClusterTrust.of(clusterId, SecretFile.read(file));
  }
}
