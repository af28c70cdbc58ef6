// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.check;

import io.mows.alluxio.mount.MountInfo;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What the kernel says about this process and its machine. Stateless; never throws. */
final class Machine {
  /** A limit that there is not. */
  static final long UNLIMITED = Long.MAX_VALUE;

  private static final Pattern MEMLOCK =
      Pattern.compile("(?m)^Max locked memory +(unlimited|\\d+) ");

  private static final Pattern OPEN_FILES =
      Pattern.compile("(?m)^Max open files +(unlimited|\\d+) ");

  private static final Pattern LIBFUSE = Pattern.compile(".*/(libfuse3?\\.so[.0-9]*)");

  private final Path root;

  /**
   * @param root where {@code proc}, {@code sys} and {@code dev} are
   */
  Machine(Path root) {
    this.root = root;
  }

  /** How much memory this process may lock, in bytes; empty if it is not known. */
  OptionalLong lockableBytes() {
    return limit(MEMLOCK);
  }

  /**
   * How many files, sockets and the like this process may have open; empty if it is not known. The
   * JVM has raised the soft limit to the hard one when it started.
   */
  OptionalLong openFiles() {
    return limit(OPEN_FILES);
  }

  private OptionalLong limit(Pattern which) {
    Matcher limit = which.matcher(read("proc/self/limits"));
    if (!limit.find()) {
      return OptionalLong.empty();
    }
    return OptionalLong.of(
        limit.group(1).equals("unlimited") ? UNLIMITED : Long.parseLong(limit.group(1)));
  }

  boolean hasFuse() {
    return Files.isReadable(root.resolve("dev/fuse"));
  }

  /** The file of the libfuse that this process has loaded, such as {@code libfuse3.so.3.14.0}. */
  Optional<String> libfuse() {
    try (Stream<String> lines = Files.lines(root.resolve("proc/self/maps"))) {
      return lines
          .map(LIBFUSE::matcher)
          .filter(Matcher::matches)
          .map(matcher -> matcher.group(1))
          .findFirst();
    } catch (IOException | java.io.UncheckedIOException e) {
      return Optional.empty();
    }
  }

  /** The release of the kernel, such as {@code 6.1.0-13-amd64}. */
  String kernel() {
    return read("proc/sys/kernel/osrelease").strip();
  }

  /** Whether the kernel is this release or a later one; true if it is not known. */
  static boolean isAtLeast(String release, int major, int minor) {
    Matcher numbers = Pattern.compile("(\\d{1,4})\\.(\\d{1,4}).*").matcher(release);
    if (!numbers.matches()) {
      return true;
    }
    int theirMajor = Integer.parseInt(numbers.group(1));
    return theirMajor > major
        || (theirMajor == major && Integer.parseInt(numbers.group(2)) >= minor);
  }

  /** The file system of a directory, such as {@code tmpfs}, and its size in bytes. */
  static Optional<Space> space(Path directory) {
    try {
      FileStore store = Files.getFileStore(directory);
      return Optional.of(new Space(store.type(), store.getTotalSpace()));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** Whether files in memory may have huge pages, if their file system is mounted so. */
  boolean hasHugePages() {
    String setting = read("sys/kernel/mm/transparent_hugepage/shmem_enabled");
    return !setting.isEmpty() && !setting.contains("[deny]");
  }

  /** The mount that a directory is on; empty if it is not known. */
  Optional<MountInfo> mountOf(Path directory) {
    return MountInfo.of(read("proc/self/mountinfo").lines())
        .filter(mount -> directory.startsWith(mount.point()))
        .reduce((outer, other) -> other.point().startsWith(outer.point()) ? other : outer);
  }

  private String read(String file) {
    try {
      return String.join("\n", List.copyOf(Files.readAllLines(root.resolve(file)))) + "\n";
    } catch (IOException e) {
      return "";
    }
  }

  /** Of a file system. Immutable. */
  static final class Space {
    private final String type;
    private final long bytes;

    Space(String type, long bytes) {
      this.type = type;
      this.bytes = bytes;
    }

    /** Whether it is in memory. */
    boolean isMemory() {
      return type.equals("tmpfs") || type.equals("ramfs");
    }

    String type() {
      return type;
    }

    long bytes() {
      return bytes;
    }
  }
}
