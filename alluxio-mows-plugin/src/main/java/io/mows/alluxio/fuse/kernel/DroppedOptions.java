// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.fuse.kernel;

import com.google.common.collect.ImmutableMap;
import io.mows.alluxio.mount.MountType;
import java.util.Map;
import java.util.Optional;

/**
 * The mount options that change nothing about a mount without libfuse, and why.
 *
 * <p>Source: libfuse 2.9 and 3.18 (lib/mount.c, lib/helper.c, lib/fuse.c, lib/fuse_lowlevel.c), and
 * mount(8) for those of all file systems.
 */
final class DroppedOptions {
  private static final String SO_ANYWAY = "so it is anyway";
  private static final String READ_ONLY = "the mount is read-only";
  private static final String ABOUT_LIBFUSE = "it is about libfuse, which this mount does not use";
  private static final String ABOUT_FSTAB = "it is for /etc/fstab";
  private static final String DECIDED = "this mount decides it by itself";
  private static final String UNSAFE = "this mount never has it";
  private static final String NO_ACCESS_TIMES = "there are no access times";

  private static final Map<String, String> REASONS =
      ImmutableMap.<String, String>builder()
          .putAll(all(SO_ANYWAY, "ro", "kernel_cache", "nonempty", "big_writes", "large_read"))
          .putAll(all(SO_ANYWAY, "async_read", "async_dio", "async", "exec", "symfollow"))
          .putAll(all(SO_ANYWAY, "nosuid", "nodev", "allow_root", "use_ino", "readdir_ino"))
          .putAll(all(SO_ANYWAY, "no_rofd_flush", "defaults", "loud", "nomand", "noiversion"))
          .putAll(all(READ_ONLY, "rw", "sync", "dirsync", "hard_remove", "atomic_o_trunc"))
          .putAll(all(READ_ONLY, "max_write", "writeback_cache", "no_writeback_cache", "mand"))
          .putAll(all(READ_ONLY, "parallel_direct_write", "no_remote_lock", "no_remote_flock"))
          .putAll(all(READ_ONLY, "no_remote_posix_lock", "time_gran", "lazytime", "nolazytime"))
          .putAll(all(READ_ONLY, "iversion"))
          .putAll(all(ABOUT_LIBFUSE, "max_idle_threads", "clone_fd", "splice_read", "noforget"))
          .putAll(all(ABOUT_LIBFUSE, "no_splice_read", "splice_write", "no_splice_write", "intr"))
          .putAll(all(ABOUT_LIBFUSE, "splice_move", "no_splice_move", "remember", "nopath"))
          .putAll(all(ABOUT_LIBFUSE, "intr_signal", "auto_unmount", "io_uring"))
          .putAll(all(ABOUT_LIBFUSE, "io_uring_q_depth"))
          .putAll(all(DECIDED, "sync_read", "no_async_dio", "max_readahead", "max_background"))
          .putAll(all(DECIDED, "congestion_threshold", "readdirplus", "auto_inval_data"))
          .putAll(all(DECIDED, "no_auto_inval_data", "auto_cache", "noauto_cache"))
          .putAll(all(DECIDED, "ac_attr_timeout", "negative_timeout", "blksize"))
          .putAll(all(UNSAFE, "suid", "dev"))
          .putAll(all(NO_ACCESS_TIMES, "atime", "noatime", "diratime", "nodiratime", "relatime"))
          .putAll(all(NO_ACCESS_TIMES, "norelatime", "strictatime", "nostrictatime"))
          .putAll(all(ABOUT_FSTAB, "auto", "noauto", "user", "nouser", "users", "nousers"))
          .putAll(all(ABOUT_FSTAB, "owner", "noowner", "group", "nogroup", "_netdev", "nofail"))
          .putAll(all(ABOUT_FSTAB, "comment", "silent"))
          .put("subtype", "all tools know the mount by its type, " + MountType.NAME)
          .build();

  private DroppedOptions() {}

  private static Map<String, String> all(String reason, String... names) {
    ImmutableMap.Builder<String, String> reasons = ImmutableMap.builder();
    for (String name : names) {
      reasons.put(name, reason);
    }
    return reasons.build();
  }

  /** Why the option of that name changes nothing; empty if it does, or is not known. */
  static Optional<String> reason(String name) {
    // What mount(8) keeps for userspace, such as x-systemd.automount.
    boolean isComment = name.startsWith("x-") || name.startsWith("X-");
    return Optional.ofNullable(isComment ? ABOUT_FSTAB : REASONS.get(name));
  }
}
