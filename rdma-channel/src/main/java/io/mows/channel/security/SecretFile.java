// SPDX-License-Identifier: Apache-2.0
package io.mows.channel.security;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Arrays;
import java.util.Set;

/** The file with the secret that all workers of a cluster share. */
public final class SecretFile {
  private static final String KEY = "alluxio.mows.security.secret.file";
  private static final int MIN_BYTES = 16;
  private static final int MAX_BYTES = 64 << 10;

  private SecretFile() {}

  /**
   * Reads the secret: the bytes of the file without white space at its end. The group may read the
   * file, others may not.
   *
   * @throws IOException if there is no usable secret; the message names key, file and remedy
   */
  public static byte[] read(Path file) throws IOException {
    if (!Files.exists(file)) {
      throw problem(file, "does not exist", "create it with the same secret on every worker");
    }
    if (!Files.isRegularFile(file)) {
      throw problem(file, "is not a file", "name the file that holds the secret");
    }
    if (!Files.isReadable(file)) {
      throw problem(file, "cannot be read", "make the user of this process its owner");
    }
    checkPrivate(file);
    if (Files.size(file) > MAX_BYTES) {
      throw problem(file, "has more than " + MAX_BYTES + " bytes", "is it the right file?");
    }
    byte[] bytes = Files.readAllBytes(file);
    int length = bytes.length;
    while (length > 0 && bytes[length - 1] <= ' ' && bytes[length - 1] >= 0) {
      length--;
    }
    if (length == 0) {
      throw problem(file, "is empty", "fill it, such as with: openssl rand -hex 32");
    }
    if (length < MIN_BYTES) {
      throw problem(
          file,
          "has only " + length + " bytes",
          "use at least " + MIN_BYTES + ", such as from: openssl rand -hex 32");
    }
    return Arrays.copyOf(bytes, length);
  }

  private static void checkPrivate(Path file) throws IOException {
    PosixFileAttributeView view = Files.getFileAttributeView(file, PosixFileAttributeView.class);
    if (view == null) {
      return; // Not a POSIX file system; nothing to check.
    }
    Set<PosixFilePermission> permissions = view.readAttributes().permissions();
    if (permissions.contains(PosixFilePermission.OTHERS_READ)
        || permissions.contains(PosixFilePermission.OTHERS_WRITE)) {
      throw problem(file, "is open to every user of the machine", "chmod 600 it");
    }
  }

  private static IOException problem(Path file, String what, String remedy) {
    return new IOException(KEY + "=" + file + ": it " + what + "; " + remedy);
  }
}
