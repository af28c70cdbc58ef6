// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.fuse.kernel;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** The mount options that we know, as libfuse calls them. Immutable. */
public final class KernelOptions {
  /** Other users may use the mount. */
  public static final String ALLOW_OTHER = "allow_other";

  /** The kernel checks the modes and owners of files. */
  public static final String DEFAULT_PERMISSIONS = "default_permissions";

  private static final int MAX_THREADS = 256;
  private static final long LIBFUSE_VALID_MS = 1_000;

  private boolean allowOther;
  private boolean defaultPermissions;
  private boolean directIo;
  private int maxThreads = MAX_THREADS;
  private long entryValidMs = LIBFUSE_VALID_MS;
  private long attributesValidMs = LIBFUSE_VALID_MS;

  private KernelOptions() {}

  /** Empty if there is one that only libfuse knows, or a wrong one, which it will name. */
  public static Optional<KernelOptions> parse(Collection<String> options) {
    KernelOptions parsed = new KernelOptions();
    return options.stream().allMatch(parsed::take) ? Optional.of(parsed) : Optional.empty();
  }

  private boolean take(String option) {
    int equals = option.indexOf('=');
    String name = equals < 0 ? option : option.substring(0, equals);
    String value = option.substring(equals + 1);
    try {
      switch (name) {
        case "ro":
        case "big_writes":
          return equals < 0;
        case ALLOW_OTHER:
          allowOther = true;
          return equals < 0;
        case DEFAULT_PERMISSIONS:
          defaultPermissions = true;
          return equals < 0;
        case "direct_io":
          directIo = true;
          return equals < 0;
        case "max_threads":
          maxThreads = Integer.parseInt(value);
          return maxThreads > 0;
        case "max_idle_threads":
          return true;
        case "entry_timeout":
          entryValidMs = (long) (Double.parseDouble(value) * 1000);
          return entryValidMs >= 0;
        case "attr_timeout":
          attributesValidMs = (long) (Double.parseDouble(value) * 1000);
          return attributesValidMs >= 0;
        default:
          return false;
      }
    } catch (NumberFormatException e) {
      return false;
    }
  }

  /** What the kernel itself is to know, as mount(2) takes it; empty if nothing. */
  String ofTheKernel() {
    List<String> options = new ArrayList<>();
    if (allowOther) {
      options.add(ALLOW_OTHER);
    }
    if (defaultPermissions) {
      options.add(DEFAULT_PERMISSIONS);
    }
    return String.join(",", options);
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
}
