// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.fuse.kernel;

import java.util.Collection;
import java.util.Optional;

/** The mount options that we know, as libfuse calls them. Immutable. */
public final class KernelOptions {
  private static final int MAX_THREADS = 256;
  private static final long LIBFUSE_VALID_MS = 1_000;

  private boolean allowOther;
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
        case "allow_other":
          allowOther = true;
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

  boolean allowOther() {
    return allowOther;
  }

  /** Reads go past the kernel's page cache. */
  boolean directIo() {
    return directIo;
  }

  int maxThreads() {
    return maxThreads;
  }

  long entryValidMs() {
    return entryValidMs;
  }

  long attributesValidMs() {
    return attributesValidMs;
  }
}
