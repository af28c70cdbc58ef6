// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.fuse.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.mows.alluxio.fuse.kernel.message.Reply;
import io.mows.alluxio.mount.MountInfo;
import io.mows.channel.memory.BlockFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real mounts with the options that people have; for root. */
final class MountOptionsMountTest {
  private static final int FILE_BYTES = 100_000;

  @TempDir private Path dir;
  private final FakeMountedFiles files = new FakeMountedFiles();
  private KernelMount mount;
  private Path point;

  @BeforeEach
  void makeFiles() throws IOException {
    RealMount.assumePossible();
    files.put("/w", 6, false, FILE_BYTES);
    point = Files.createDirectory(dir.resolve("mount"));
  }

  private void mount(String... options) throws IOException {
    mount = KernelMount.mount(point, files, KernelOptions.parse(Set.of(options)), 100, 0);
  }

  @AfterEach
  void unmount() throws IOException {
    if (mount != null) {
      mount.close();
    }
  }

  /** Fluid's defaults for a data set that is read. */
  @Test
  void shouldPassThroughWithTheOptionsThatFluidGives() throws Exception {
    byte[] content = new byte[FILE_BYTES];
    Path block = Files.write(dir.resolve("block"), content);
    files.inMemory.put("/w", BlockFile.openForRead(block));
    mount(
        "kernel_cache",
        "ro",
        "max_read=131072",
        "attr_timeout=7200",
        "entry_timeout=7200",
        "nonempty",
        "allow_other",
        "big_writes",
        "default_permissions");
    assumeTrue(mount.passesThrough(), "passthrough is there since Linux 6.9");
    assertArrayEquals(content, Files.readAllBytes(point.resolve("w")));
    assertEquals(1, files.passedThrough);
    MountInfo info =
        MountInfo.of(Files.readAllLines(Path.of("/proc/self/mountinfo")).stream())
            .filter(each -> each.point().equals(point))
            .findFirst()
            .orElseThrow();
    assertTrue(info.hasOption("max_read=131072"));
    assertTrue(info.hasOption("allow_other"));
  }

  /** llama.cpp and safetensors map files so. */
  @Test
  void shouldMapAFileThatIsReadPastThePageCache() throws Exception {
    mount("direct_io");
    try (FileChannel channel = FileChannel.open(point.resolve("w"), StandardOpenOption.READ)) {
      ByteBuffer mapped = channel.map(MapMode.READ_ONLY, 0, FILE_BYTES);
      assertEquals((byte) 99_999, mapped.get(99_999));
      assertEquals(0, files.passedThrough);
    }
  }

  @Test
  void shouldShowTheOwnerAndTheModesThatTheOptionsSay() throws Exception {
    mount("uid=1234", "gid=4321", "umask=027", "fmask=133");
    assertEquals(1234, Files.getAttribute(point.resolve("w"), "unix:uid"));
    assertEquals(4321, Files.getAttribute(point, "unix:gid"));
    assertEquals("rw-r--r--", modes(point.resolve("w")));
    assertEquals("rwxr-x---", modes(point));
  }

  /** Monitors alarm where a file system is full, or has no inode left. */
  @Test
  void shouldNotLookFull() throws Exception {
    mount("ro");
    Process stat =
        new ProcessBuilder("stat", "-f", "-c", "%b %f %a %c %d", point.toString()).start();
    long blocks = files.capacityBytes() / Reply.PAGE_BYTES;
    assertEquals(
        String.format("%d %d %d %d %d", blocks, blocks, blocks, 2147483647L, 2147483647L),
        new String(stat.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip());
  }

  @Test
  void shouldSayThatANameIsTooLong() throws Exception {
    mount("ro");
    FileSystemException e =
        assertThrows(FileSystemException.class, () -> Files.size(point.resolve("x".repeat(256))));
    assertEquals("File name too long", e.getReason());
    assertThrows(NoSuchFileException.class, () -> Files.size(point.resolve("x".repeat(255))));
  }

  /** As container runtimes and systemd open what they mount and label. */
  @Test
  void shouldServeDescriptorsThatNameAPlaceOnly() throws Exception {
    mount("ro");
    String script =
        "import os, sys\n"
            + "d = os.open(sys.argv[1], os.O_PATH | os.O_DIRECTORY)\n"
            + "f = os.open('w', os.O_PATH, dir_fd=d)\n"
            + "place = '/proc/self/fd/%d' % f\n"
            + "def error(call):\n"
            + "  try: call()\n"
            + "  except OSError as e: return e.errno\n"
            + "print(os.fstat(f).st_size, len(open(place, 'rb').read()),\n"
            + "  os.readlink(place) == sys.argv[1] + '/w', len(os.listdir('/proc/self/fd/%d' % d)) > 0,\n"
            + "  error(lambda: os.listxattr(place)),\n"
            + "  error(lambda: os.getxattr(place, 'user.none')),\n"
            + "  error(lambda: os.setxattr(place, 'user.none', b'')),\n"
            + "  *(error(lambda: os.open(n, os.O_PATH, dir_fd=d))\n"
            + "    for n in ('x' * 256, '\u00e9' * 128, 'x' * 2000, 'x' * 255)))\n";
    Process python =
        new ProcessBuilder("python3", "-c", script, point.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    // ENODATA, EROFS, three times ENAMETOOLONG, ENOENT.
    assertEquals(
        FILE_BYTES + " " + FILE_BYTES + " True True None 61 30 36 36 36 2",
        new String(python.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip());
  }

  private static String modes(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }
}
