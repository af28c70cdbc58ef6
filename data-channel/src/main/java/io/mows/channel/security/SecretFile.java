// SPDX-License-Identifier: Apache-2.0
package io.mows.channel.security;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * The file with the secrets that all workers of a cluster share, one on each line: the first signs,
 * all are accepted.
 */
public final class SecretFile {
  private static final String KEY = "alluxio.mows.security.secret.file";
  private static final int MIN_BYTES = 16;
  private static final int MAX_BYTES = 64 << 10;
  private static final int MAX_LINES = 8;

  private SecretFile() {}

  /**
   * Reads the secrets: the lines of the file without white space at their ends; empty lines do not
   * count. The group may read the file, others may not.
   *
   * @throws IOException if there is no usable secret; the message names key, file and remedy
   */
  public static List<byte[]> read(Path file) throws IOException {
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
    return secrets(file, Files.readAllBytes(file));
  }

  private static List<byte[]> secrets(Path file, byte[] bytes) throws IOException {
    List<byte[]> secrets = new ArrayList<>();
    int line = 0;
    for (int start = 0; start < bytes.length; ) {
      int end = start;
      while (end < bytes.length && bytes[end] != '\n') {
        end++;
      }
      line++;
      byte[] secret = Arrays.copyOfRange(bytes, start, trimmedEnd(bytes, start, end));
      if (secret.length > 0 && secret.length < MIN_BYTES) {
        throw problem(
            file,
            "has only " + secret.length + " bytes in line " + line,
            "each line is a secret: use at least "
                + MIN_BYTES
                + " bytes, such as from: openssl rand -hex 32");
      }
      if (secret.length > 0) {
        secrets.add(secret);
      }
      start = end + 1;
    }
    if (secrets.isEmpty()) {
      throw problem(file, "is empty", "fill it, such as with: openssl rand -hex 32");
    }
    if (secrets.size() > MAX_LINES) {
      throw problem(
          file,
          "has " + secrets.size() + " secrets, and each line is one",
          "remove all but the " + MAX_LINES + " that are in use");
    }
    return secrets;
  }

  private static int trimmedEnd(byte[] bytes, int start, int end) {
    int trimmed = end;
    while (trimmed > start && bytes[trimmed - 1] <= ' ' && bytes[trimmed - 1] >= 0) {
      trimmed--;
    }
    return trimmed;
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
