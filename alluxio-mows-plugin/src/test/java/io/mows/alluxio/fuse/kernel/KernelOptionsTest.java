// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.fuse.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class KernelOptionsTest {
  @Test
  void shouldDoAsLibfuseWhereNothingIsSaid() {
    KernelOptions options = KernelOptions.parse(Set.of());
    assertEquals("", options.ofTheKernel());
    assertEquals("alluxio-fuse", options.source());
    assertEquals(0, options.flags());
    assertFalse(options.directIo());
    assertFalse(options.allowOther());
    assertEquals(1_000, options.entryValidMs());
    assertEquals(1_000, options.attributesValidMs());
    assertEquals(OptionalInt.empty(), options.fileMode());
    assertEquals(List.of(), options.dropped());
  }

  @Test
  void shouldTakeWhatTheOperatorSays() {
    KernelOptions options =
        KernelOptions.parse(
            Set.of(
                "allow_other",
                "default_permissions",
                "direct_io",
                "max_threads=7",
                "attr_timeout=600",
                "entry_timeout=0.5",
                "max_read=131072",
                "context=\"system_u:object_r:nfs_t:s0\"",
                "noexec",
                "fsname=models",
                "uid=1000",
                "gid=0",
                "umask=022",
                "dmask=0"));
    assertEquals(
        "allow_other,context=\"system_u:object_r:nfs_t:s0\",default_permissions,max_read=131072",
        options.ofTheKernel());
    assertTrue(options.directIo());
    assertTrue(options.allowOther());
    assertEquals(7, options.maxThreads());
    assertEquals(600_000, options.attributesValidMs());
    assertEquals(500, options.entryValidMs());
    assertEquals(8, options.flags());
    assertEquals("models", options.source());
    assertEquals(OptionalInt.of(1_000), options.uid());
    assertEquals(OptionalInt.of(0), options.gid());
    assertEquals(OptionalInt.of(0755), options.fileMode());
    assertEquals(OptionalInt.of(0777), options.directoryMode());
    assertEquals(List.of(), options.dropped());
  }

  /** Fluid's defaults for a data set that is read, and for one that is written. */
  @Test
  void shouldSayWhyAnOptionChangesNothing() {
    KernelOptions options =
        KernelOptions.parse(
            Set.of("kernel_cache", "ro", "rw", "nonempty", "big_writes", "max_read=0", "noatime"));
    assertEquals("", options.ofTheKernel());
    assertEquals(List.of(), options.libfuseOnly());
    assertEquals(
        Set.of(
            "kernel_cache (so it is anyway)",
            "ro (so it is anyway)",
            "rw (the mount is read-only)",
            "nonempty (so it is anyway)",
            "big_writes (so it is anyway)",
            "noatime (there are no access times)"),
        Set.copyOf(options.dropped()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "x-systemd.automount",
        "_netdev",
        "nofail",
        "comment=models",
        "user=nobody",
        "splice_read",
        "max_background=64",
        "auto_unmount",
        "subtype=alluxio"
      })
  void shouldKnowWhatLibfuseAndMountKnow(String option) {
    List<String> dropped = KernelOptions.parse(Set.of(option)).dropped();
    assertEquals(1, dropped.size());
    assertTrue(dropped.get(0).startsWith(option + " ("), dropped::toString);
  }

  @Test
  void shouldLeaveToLibfuseWhatOnlyItCanDo() {
    assertEquals(
        Set.of("modules=subdir", "debug"),
        Set.copyOf(KernelOptions.parse(Set.of("modules=subdir", "ro", "debug")).libfuseOnly()));
  }

  @ParameterizedTest
  @CsvSource({
    "allow_othr, allow_othr",
    "allow_other=1, allow_other=1",
    "max_threads=0, a number",
    "max_threads=x, a number",
    "max_read=-1, a number",
    "entry_timeout=-1, a number",
    "entry_timeout=NaN, a number",
    "attr_timeout=long, a number",
    "umask=999, octal",
    "umask=7777, octal"
  })
  void shouldNameWhatIsWrong(String option, String said) {
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class, () -> KernelOptions.parse(Set.of("ro", option)));
    assertTrue(e.getMessage().contains("'" + option + "'"), e.getMessage());
    assertTrue(e.getMessage().contains(said), e.getMessage());
  }
}
