// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.fuse.kernel;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;

/**
 * The mount options, as libfuse and mount(8) call them: what each of them means here. Immutable.
 *
 * <p>Source: fuse(8), mount.fuse3(8), mount(8).
 */
public final class KernelOptions {
  /** Other users may use the mount. */
  public static final String ALLOW_OTHER = "allow_other";

  /** The kernel checks the modes and owners of files. */
  public static final String DEFAULT_PERMISSIONS = "default_permissions";

  private static final int MAX_THREADS = 256;
  private static final int OCTAL = 8;
  private static final int ALL_MODES = 0777;
  private static final long LIBFUSE_VALID_MS = 1_000;

  /** Flags of mount(2) that make a difference to who reads. */
  private static final Map<String, Long> FLAGS = Map.of("noexec", 8L, "nosymfollow", 256L);

  private static final Set<String> LABELS =
      Set.of("context", "fscontext", "defcontext", "rootcontext");

  /** These change what libfuse does in a way that only it can. */
  private static final Set<String> LIBFUSE_ONLY =
      Set.of("debug", "-d", "modules", "subdir", "rellinks", "norellinks", "from_code", "to_code");

  private final List<String> ofTheKernel = new ArrayList<>();
  private final List<String> dropped = new ArrayList<>();
  private final List<String> libfuseOnly = new ArrayList<>();
  private final List<String> wrong = new ArrayList<>();
  private boolean allowOther;
  private boolean directIo;
  private String source = "alluxio-fuse";
  private long flags;
  private int maxThreads = MAX_THREADS;
  private long entryValidMs = LIBFUSE_VALID_MS;
  private long attributesValidMs = LIBFUSE_VALID_MS;
  private OptionalInt uid = OptionalInt.empty();
  private OptionalInt gid = OptionalInt.empty();
  private OptionalInt fileMode = OptionalInt.empty();
  private OptionalInt directoryMode = OptionalInt.empty();

  private KernelOptions() {}

  /**
   * @throws IllegalArgumentException naming all options that nobody knows, and all wrong values
   */
  public static KernelOptions parse(Collection<String> options) {
    KernelOptions parsed = new KernelOptions();
    // So umask comes before fmask and dmask, which know better.
    new TreeSet<>(options).descendingSet().forEach(parsed::take);
    if (!parsed.wrong.isEmpty()) {
      throw new IllegalArgumentException(String.join("; ", parsed.wrong));
    }
    return parsed;
  }

  /** What {@code option} is called, without its value. */
  public static String name(String option) {
    int equals = option.indexOf('=');
    return equals < 0 ? option : option.substring(0, equals);
  }

  private void take(String option) {
    String name = name(option);
    String value = name.equals(option) ? "" : option.substring(name.length() + 1);
    try {
      if (!takeFlag(option) && !takeValue(name, value, option)) {
        takeOther(name, option);
      }
    } catch (NumberFormatException e) {
      wrong.add(
          "'"
              + option
              + "' is wrong: "
              + name
              + " takes a number"
              + (name.endsWith("mask")
                  ? " of octal digits, at most 777"
                  : " that is not negative"));
    }
  }

  /** An option without a value. */
  private boolean takeFlag(String option) {
    if (FLAGS.containsKey(option)) {
      flags |= FLAGS.get(option);
      return true;
    }
    switch (option) {
      case ALLOW_OTHER:
        allowOther = true;
        ofTheKernel.add(option);
        return true;
      case DEFAULT_PERMISSIONS:
        ofTheKernel.add(option);
        return true;
      case "direct_io":
        directIo = true;
        return true;
      default:
        return false;
    }
  }

  private boolean takeValue(String name, String value, String option) {
    switch (name) {
      case "max_threads":
        maxThreads = number(value, 1);
        return true;
      case "max_read":
        if (number(value, 0) > 0) {
          ofTheKernel.add(option);
        }
        return true;
      case "entry_timeout":
        entryValidMs = milliseconds(value);
        return true;
      case "attr_timeout":
        attributesValidMs = milliseconds(value);
        return true;
      case "fsname":
        source = value;
        return true;
      case "uid":
        uid = OptionalInt.of(number(value, 0));
        return true;
      case "gid":
        gid = OptionalInt.of(number(value, 0));
        return true;
      case "umask":
        fileMode = unmasked(value);
        directoryMode = unmasked(value);
        return true;
      case "fmask":
        fileMode = unmasked(value);
        return true;
      case "dmask":
        directoryMode = unmasked(value);
        return true;
      default:
        return LABELS.contains(name) && ofTheKernel.add(option);
    }
  }

  private void takeOther(String name, String option) {
    if (LIBFUSE_ONLY.contains(name)) {
      libfuseOnly.add(option);
      return;
    }
    DroppedOptions.reason(name)
        .ifPresentOrElse(
            reason -> dropped.add(option + " (" + reason + ")"),
            () -> wrong.add("'" + option + "' is not known to libfuse or mount(8)"));
  }

  private static int number(String value, int least) {
    int number = Integer.parseInt(value);
    if (number < least) {
      throw new NumberFormatException(value);
    }
    return number;
  }

  private static long milliseconds(String seconds) {
    double value = Double.parseDouble(seconds);
    if (!(value >= 0)) {
      throw new NumberFormatException(seconds);
    }
    return (long) (value * 1000);
  }

  private static OptionalInt unmasked(String mask) {
    int value = Integer.parseInt(mask, OCTAL);
    if (value < 0 || value > ALL_MODES) {
      throw new NumberFormatException(mask);
    }
    return OptionalInt.of(ALL_MODES & ~value);
  }

  /** What the kernel itself is to know, as mount(2) takes it; empty if nothing. */
  String ofTheKernel() {
    return String.join(",", new TreeSet<>(ofTheKernel));
  }

  /** What mount(2) takes as flags beside those of every mount of ours. */
  long flags() {
    return flags;
  }

  /** What the mount table says is mounted. */
  String source() {
    return source;
  }

  /** Options that change nothing, each with why. */
  public List<String> dropped() {
    return List.copyOf(dropped);
  }

  /** Options for which the mount has to be libfuse's. */
  public List<String> libfuseOnly() {
    return List.copyOf(libfuseOnly);
  }

  /** Users other than the worker's may use the mount. */
  public boolean allowOther() {
    return allowOther;
  }

  /** The kernel checks who reads. */
  public boolean checksModes() {
    return ofTheKernel.contains(DEFAULT_PERMISSIONS);
  }

  /** Reads go past the kernel's page cache. */
  boolean directIo() {
    return directIo;
  }

  int maxThreads() {
    return maxThreads;
  }

  /** How long the kernel believes a name. */
  public long entryValidMs() {
    return entryValidMs;
  }

  /** How long the kernel believes attributes. */
  public long attributesValidMs() {
    return attributesValidMs;
  }

  /** Whom all belongs to; empty: to the worker's user. */
  OptionalInt uid() {
    return uid;
  }

  OptionalInt gid() {
    return gid;
  }

  /** The mode that all files are shown with; empty: each with its own. */
  public OptionalInt fileMode() {
    return fileMode;
  }

  /** As {@link #fileMode}, of directories. */
  public OptionalInt directoryMode() {
    return directoryMode;
  }
}
