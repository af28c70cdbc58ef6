// SPDX-License-Identifier: Apache-2.0
package io.mows.channel.testing;

import io.mows.channel.security.ChannelSecret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** Makes secrets. */
public final class TestSecrets {
  private TestSecrets() {}

  /** The secret {@code text}, by way of a file in {@code dir}. */
  public static ChannelSecret create(Path dir, String text) throws IOException {
    Path file = Files.createTempFile(dir, "secret", "");
    Files.writeString(file, text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    return ChannelSecret.load(file);
  }
}
