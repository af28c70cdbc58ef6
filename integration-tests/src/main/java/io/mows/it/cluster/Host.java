// SPDX-License-Identifier: Apache-2.0
package io.mows.it.cluster;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;

/** What this machine can do. */
final class Host {
  private Host() {}

  static boolean isRoot() throws IOException {
    return Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0);
  }

  /** Why workers cannot mount here, with the remedy; empty if they can. */
  static Optional<String> whyNoFuse(Path device) throws IOException {
    if (!Files.exists(device)) {
      return Optional.of(
          device
              + " does not exist: load the kernel module (modprobe fuse), or"
              + " start the container with --device /dev/fuse --cap-add SYS_ADMIN");
    }
    if (!Files.isReadable(device) || !Files.isWritable(device)) {
      return Optional.of(
          device + " is not accessible to this user: chmod 666 " + device + ", or run as root");
    }
    if (libfuseVersion().isEmpty()) {
      return Optional.of("libfuse is missing: apt-get install libfuse3-3 fuse3 (or libfuse2 fuse)");
    }
    return Optional.empty();
  }

  /** The newest libfuse that is installed, of those that Alluxio knows: 3 or 2. */
  static OptionalInt libfuseVersion() throws IOException {
    String libraries = Commands.run("/sbin/ldconfig", "-p");
    if (libraries.contains("libfuse3.so.3 ")) {
      return OptionalInt.of(3);
    }
    return libraries.contains("libfuse.so.2 ") ? OptionalInt.of(2) : OptionalInt.empty();
  }

  /** What a failure says; the message of one of a file is its name only. */
  static String words(Exception failure) {
    return failure instanceof FileSystemException ? failure.toString() : failure.getMessage();
  }
}
