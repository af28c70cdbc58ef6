// SPDX-License-Identifier: Apache-2.0
package io.mows.it.origin;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** An object as it was when its file was looked at. Immutable. */
final class StoredObject {
  private final String key;
  private final Path file;
  private final long lengthBytes;
  private final long lastModifiedMs;
  private final String etag;

  StoredObject(String key, Path file, BasicFileAttributes attributes) {
    this.key = key;
    this.file = file;
    this.lengthBytes = attributes.size();
    this.lastModifiedMs = attributes.lastModifiedTime().toMillis();
    // A replaced file has another inode, a rewritten one another time: no need to read it.
    this.etag =
        hash(
            attributes.fileKey()
                + "|"
                + attributes.size()
                + "|"
                + attributes.lastModifiedTime().to(TimeUnit.NANOSECONDS));
  }

  String key() {
    return key;
  }

  Path file() {
    return file;
  }

  long lengthBytes() {
    return lengthBytes;
  }

  long lastModifiedMs() {
    return lastModifiedMs;
  }

  /** 32 upper-case hex digits without quotes; changes with the object. */
  String etag() {
    return etag;
  }

  private static String hash(String text) {
    try {
      byte[] digest =
          MessageDigest.getInstance("MD5").digest(text.getBytes(StandardCharsets.UTF_8));
      StringBuilder hex = new StringBuilder();
      for (byte part : digest) {
        hex.append(String.format(Locale.ROOT, "%02X", part));
      }
      return hex.toString();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has MD5", e);
    }
  }
}
