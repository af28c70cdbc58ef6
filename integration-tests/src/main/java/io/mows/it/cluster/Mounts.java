// SPDX-License-Identifier: Apache-2.0
package io.mows.it.cluster;

import com.google.common.base.Splitter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** The mounts of this machine, as the kernel lists them. */
final class Mounts {
  private static final Path TABLE = Path.of("/proc/self/mounts");

  private static final Path HUGE_PAGES_OF_TMPFS =
      Path.of("/sys/kernel/mm/transparent_hugepage/shmem_enabled");

  private static final Splitter FIELDS = Splitter.on(' ');

  private Mounts() {}

  /** Mount points at or below {@code dir}, innermost and latest first (the order to unmount in). */
  static List<Path> below(Path dir) throws IOException {
    List<Path> found = new ArrayList<>();
    for (String line : Files.readAllLines(TABLE, StandardCharsets.UTF_8)) {
      Path mountPoint = Path.of(unescape(FIELDS.splitToList(line).get(1)));
      if (mountPoint.startsWith(dir)) {
        found.add(mountPoint);
      }
    }
    Collections.reverse(found);
    return found;
  }

  static boolean isMountPoint(Path dir) throws IOException {
    return below(dir).contains(dir);
  }

  /** With huge pages, as the README advises, where the kernel has them. */
  static void mountTmpfs(Path dir, long sizeBytes) throws IOException {
    Files.createDirectories(dir);
    String pages = Files.exists(HUGE_PAGES_OF_TMPFS) ? ",huge=within_size" : "";
    Commands.run(
        "mount",
        "-t",
        "tmpfs",
        "-o",
        "size=" + sizeBytes + ",mode=700" + pages,
        "tmpfs",
        dir.toString());
  }

  /**
   * Unmounts everything at or below {@code dir}; lazily what is busy or whose server has died.
   *
   * @throws IOException if something stays mounted
   */
  static void unmountBelow(Path dir) throws IOException {
    for (Path mountPoint : below(dir)) {
      List<List<String>> attempts =
          List.of(
              List.of("umount", mountPoint.toString()),
              List.of("umount", "-l", mountPoint.toString()),
              // What an ordinary user, who may not call umount, mounted through fusermount.
              List.of("fusermount3", "-uz", mountPoint.toString()),
              List.of("fusermount", "-uz", mountPoint.toString()));
      for (List<String> attempt : attempts) {
        if (unmounts(attempt)) {
          break;
        }
      }
    }
    List<Path> left = below(dir);
    if (!left.isEmpty()) {
      throw new IOException("cannot unmount " + left + "; unmount it by hand: umount -l " + left);
    }
  }

  private static boolean unmounts(List<String> command) {
    try {
      Commands.run(command);
      return true;
    } catch (IOException e) {
      // The next attempt is stronger; unmountBelow reports what is left after the last one.
      return false;
    }
  }

  /** Undoes the octal escapes (space, tab, newline, backslash) of the kernel's mount table. */
  static String unescape(String field) {
    StringBuilder text = new StringBuilder(field.length());
    for (int i = 0; i < field.length(); i++) {
      if (field.charAt(i) == '\\' && i + 3 < field.length()) {
        text.append((char) Integer.parseInt(field.substring(i + 1, i + 4), 8));
        i += 3;
      } else {
        text.append(field.charAt(i));
      }
    }
    return text.toString();
  }
}
