// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.fuse;

import static org.junit.jupiter.api.Assertions.assertEquals;

import alluxio.jnifuse.utils.LibfuseVersion;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class MountOptionsTest {
  private static final LibfuseChoice FUSE_2 = new LibfuseChoice(LibfuseVersion.VERSION_2, 0);
  private static final LibfuseChoice FUSE_3_10 = new LibfuseChoice(LibfuseVersion.VERSION_3, 310);
  private static final LibfuseChoice FUSE_3_12 = new LibfuseChoice(LibfuseVersion.VERSION_3, 312);

  @Test
  void shouldKeepWhatTheOperatorSays() {
    Set<String> given = Set.of("allow_other", "max_threads=7", "attr_timeout=600");
    assertEquals(given, MountOptions.complete(given, FUSE_3_12, false));
  }

  @Test
  void shouldHaveTheKernelCheckModesWhereOthersAreLetIn() {
    assertEquals(
        Set.of("allow_other", "default_permissions"),
        MountOptions.checkingModes(Set.of("allow_other"), true));
    assertEquals(Set.of("allow_other"), MountOptions.checkingModes(Set.of("allow_other"), false));
    assertEquals(Set.of("ro"), MountOptions.checkingModes(Set.of("ro"), true));
    assertEquals(
        Set.of("default_permissions"),
        MountOptions.checkingModes(Set.of("default_permissions"), false));
  }

  @Test
  void shouldMountReadOnlyWhatIsAllAccelerated() {
    assertEquals(
        Set.of("allow_other", "ro"), MountOptions.complete(Set.of("allow_other"), FUSE_2, true));
  }

  @Test
  void shouldLeaveAMountWritableThatTheOperatorWantsSo() {
    assertEquals(Set.of("rw"), MountOptions.complete(Set.of("rw"), FUSE_2, true));
  }

  /** Fluid's defaults: with one of them that it does not have, libfuse does not mount. */
  @Test
  void shouldLeaveOutWhatALibfuseDoesNotHave() {
    Set<String> given =
        Set.of(
            "kernel_cache",
            "big_writes",
            "nonempty",
            "max_read=131072",
            "max_idle_threads=64",
            "max_threads=7",
            "hard_remove",
            "nofail");
    assertEquals(
        Set.of("kernel_cache", "max_read=131072", "big_writes", "nonempty", "hard_remove"),
        MountOptions.complete(given, FUSE_2, false));
    assertEquals(
        Set.of("kernel_cache", "max_read=131072", "max_idle_threads=64"),
        MountOptions.complete(given, FUSE_3_10, false));
    assertEquals(
        Set.of("kernel_cache", "max_read=131072", "max_idle_threads=64", "max_threads=7"),
        MountOptions.complete(given, FUSE_3_12, false));
  }

  @Test
  void shouldAllowManyThreadsWhereLibfuseCanLimitThem() {
    assertEquals(Set.of("max_threads=256"), MountOptions.complete(Set.of(), FUSE_3_12, false));
    assertEquals(Set.of(), MountOptions.complete(Set.of(), FUSE_3_10, false));
    assertEquals(Set.of(), MountOptions.complete(Set.of(), FUSE_2, false));
  }
}
