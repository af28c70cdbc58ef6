// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.fuse;

import alluxio.fuse.options.FuseOptions;
import io.mows.alluxio.fuse.kernel.KernelOptions;
import java.util.Set;
import java.util.TreeSet;

/** The mount options: the operator's, and ours where the operator says nothing. */
final class MountOptions {
  /**
   * Readers of cold pieces block a thread each. With libfuse's default of 10 threads they would
   * soon keep everybody out who only wants what is in memory.
   */
  private static final int MAX_THREADS = 256;

  private MountOptions() {}

  /** What is to be mounted with, but for what depends on the libfuse. */
  static Set<String> of(FuseOptions options, boolean checked) {
    return checkingModes(options.getFuseMountOptions(), checked);
  }

  /**
   * Neither Alluxio nor we look at who reads through a mount, so where others are let in, the
   * kernel has to: by the modes of files and directories.
   *
   * @param checked whether it should
   */
  static Set<String> checkingModes(Set<String> given, boolean checked) {
    Set<String> options = new TreeSet<>(given);
    if (checked && options.contains(KernelOptions.ALLOW_OTHER)) {
      options.add(KernelOptions.DEFAULT_PERMISSIONS);
    }
    return options;
  }

  /**
   * What {@code libfuse} is to mount with: it would refuse what another one has.
   *
   * @param readOnly all that can be seen through the mount is accelerated, so the kernel itself may
   *     refuse writes
   */
  static Set<String> complete(Set<String> given, LibfuseChoice libfuse, boolean readOnly) {
    Set<String> options = new TreeSet<>(given);
    options.removeIf(option -> !LibfuseOptions.has(libfuse, option));
    if (readOnly && !options.contains("rw")) {
      options.add("ro");
    }
    if (libfuse.limitsThreads() && options.stream().noneMatch(o -> o.startsWith("max_threads="))) {
      options.add("max_threads=" + MAX_THREADS);
    }
    return options;
  }
}
