// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.mount;

import com.google.common.base.Splitter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A mount as the kernel lists it in {@code /proc/self/mountinfo}. Immutable.
 *
 * <p>Source: proc_pid_mountinfo(5).
 */
public final class MountInfo {
  private static final int DEVICE = 2;
  private static final int POINT = 4;
  private static final int MOUNT_OPTIONS = 5;
  private static final int TYPE = 1;
  private static final int FILE_SYSTEM_OPTIONS = 3;
  private static final Splitter FIELDS = Splitter.on(' ');
  private static final Splitter OPTIONS = Splitter.on(',');
  private static final Pattern ESCAPED = Pattern.compile("\\\\([0-3][0-7]{2})");

  private final List<String> mount;

  /** From the separator on, after any number of optional fields. */
  private final List<String> fileSystem;

  private MountInfo(List<String> fields, int separator) {
    this.mount = fields.subList(0, separator);
    this.fileSystem = fields.subList(separator, fields.size());
  }

  /**
   * What the lines tell, in their order: a mount comes after those that it is mounted upon, and one
   * that hides another one at the same place after that. Lines that cannot be read are left out.
   */
  public static Stream<MountInfo> of(Stream<String> lines) {
    return lines.map(MountInfo::parse).flatMap(Optional::stream);
  }

  private static Optional<MountInfo> parse(String line) {
    List<String> fields = FIELDS.splitToList(line);
    int separator = fields.indexOf("-");
    boolean isWhole = separator > MOUNT_OPTIONS && fields.size() > separator + FILE_SYSTEM_OPTIONS;
    return isWhole ? Optional.of(new MountInfo(fields, separator)) : Optional.empty();
  }

  public Path point() {
    return Path.of(unescape(mount.get(POINT)));
  }

  /** Its major:minor number. */
  public String device() {
    return mount.get(DEVICE);
  }

  /** Whether what is mounted upon it appears at other places, too, and it itself came to them. */
  public boolean isShared() {
    return mount.stream().skip(MOUNT_OPTIONS + 1).anyMatch(field -> field.startsWith("shared:"));
  }

  /** Of the file system, such as {@code tmpfs}. */
  public String type() {
    return fileSystem.get(TYPE);
  }

  /** Whether the file system, not only this mount of it, has {@code option}. */
  public boolean hasOption(String option) {
    return OPTIONS.splitToList(fileSystem.get(FILE_SYSTEM_OPTIONS)).contains(option);
  }

  /** Blanks and the like are written as a backslash and three octal digits. */
  private static String unescape(String field) {
    return ESCAPED
        .matcher(field)
        .replaceAll(
            escape ->
                Matcher.quoteReplacement(
                    Character.toString((char) Integer.parseInt(escape.group(1), 8))));
  }
}
