// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.fuse;

import com.google.common.collect.ImmutableSet;
import io.mows.alluxio.fuse.kernel.KernelOptions;
import java.util.Set;

/**
 * Which mount options a libfuse has: it refuses to mount with another one.
 *
 * <p>Source: libfuse 2.9 and 3.10 (lib/mount.c, lib/helper.c, lib/fuse.c, lib/fuse_lowlevel.c).
 */
final class LibfuseOptions {
  private static final Set<String> BOTH =
      ImmutableSet.of(
          "allow_other",
          "allow_root",
          "auto_unmount",
          "fsname",
          "subtype",
          "max_read",
          "blksize",
          "default_permissions",
          "context",
          "fscontext",
          "defcontext",
          "rootcontext",
          "ro",
          "rw",
          "suid",
          "nosuid",
          "dev",
          "nodev",
          "exec",
          "noexec",
          "async",
          "sync",
          "dirsync",
          "noatime",
          "debug",
          "kernel_cache",
          "auto_cache",
          "noauto_cache",
          "umask",
          "uid",
          "gid",
          "entry_timeout",
          "attr_timeout",
          "ac_attr_timeout",
          "negative_timeout",
          "noforget",
          "remember",
          "modules",
          "subdir",
          "rellinks",
          "norellinks",
          "from_code",
          "to_code");

  private static final Set<String> ONLY_2 =
      ImmutableSet.of(
          "nonempty",
          "large_read",
          "atime",
          "hard_remove",
          "use_ino",
          "readdir_ino",
          "direct_io",
          "nopath",
          "intr",
          "intr_signal",
          "max_write",
          "max_readahead",
          "max_background",
          "congestion_threshold",
          "async_read",
          "sync_read",
          "atomic_o_trunc",
          "no_remote_lock",
          "no_remote_flock",
          "no_remote_posix_lock",
          "big_writes",
          "splice_write",
          "no_splice_write",
          "splice_move",
          "no_splice_move",
          "splice_read",
          "no_splice_read");

  private static final Set<String> ONLY_3 = ImmutableSet.of("max_idle_threads", "clone_fd");

  private LibfuseOptions() {}

  /**
   * @param option with its value
   */
  static boolean has(LibfuseChoice libfuse, String option) {
    String name = KernelOptions.name(option);
    switch (libfuse.version()) {
      case VERSION_2:
        return BOTH.contains(name) || ONLY_2.contains(name);
      default:
        return BOTH.contains(name)
            || ONLY_3.contains(name)
            || (name.equals("max_threads") && libfuse.limitsThreads());
    }
  }
}
