// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.fuse.kernel;

import static io.mows.alluxio.Eventually.await;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.mows.channel.Remedy;
import io.mows.channel.TransferException;
import io.mows.channel.memory.BlockFile;
import io.mows.p2p.fetch.Arrival.State;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real mount, of files that the kernel reads by itself; for root on Linux 6.9 or later. */
final class KernelMountTest {
  private static final byte[] CONTENT = new byte[100_000];
  private static final long OPEN_WAIT_MS = 3_600_000;

  @TempDir private Path dir;
  private final FakeMountedFiles files = new FakeMountedFiles();
  private KernelMount mount;
  private Path point;

  @BeforeEach
  void mount() throws IOException {
    RealMount.assumePossible();
    Arrays.fill(CONTENT, (byte) 7);
    files.put("/w", 6, false, CONTENT.length);
    Path block = Files.write(dir.resolve("block"), CONTENT);
    files.inMemory.put("/w", BlockFile.openForRead(block));
    files.put("/secret", 8, false, 10, 0640);
    Files.setPosixFilePermissions(dir, PosixFilePermissions.fromString("rwxr-xr-x"));
    point = Files.createDirectory(dir.resolve("mount"));
    Set<String> options = Set.of("allow_other", "default_permissions");
    KernelOptions parsed = KernelOptions.parse(options);
    mount = KernelMount.mount(point, files, parsed, 100, OPEN_WAIT_MS);
    assumeTrue(mount.passesThrough(), "passthrough is there since Linux 6.9");
  }

  @AfterEach
  void unmount() throws IOException {
    if (mount != null) {
      mount.close();
      assertEquals(0, files.leases, "nothing is left behind");
      assertEquals(0, files.openFiles);
    }
  }

  private FileChannel open() throws IOException {
    return FileChannel.open(point.resolve("w"), StandardOpenOption.READ);
  }

  @Test
  void shouldLetGoOfABlockSoonAfterItsFileIsClosed() throws Exception {
    for (int i = 1; i <= 3; i++) {
      try (FileChannel channel = open()) {
        ByteBuffer bytes = ByteBuffer.allocate(CONTENT.length);
        assertEquals(CONTENT.length, channel.read(bytes));
        assertArrayEquals(CONTENT, bytes.array());
      }
      await("the kernel to forget it", () -> files.leases == 0);
      assertEquals(i, files.passedThrough);
    }
  }

  @Test
  void shouldKeepTheBlockOfAMappedFileUntilItIsUnmapped() throws Exception {
    MappedReader mapped = MappedReader.of(point.resolve("w"), CONTENT);
    await("the kernel to say that it was closed", () -> files.openFiles == 0);
    // Others look at it, and open and close it.
    assertEquals(CONTENT.length, Files.size(point.resolve("w")));
    open().close();
    await("the kernel to say that it was closed again", () -> files.openFiles == 0);
    assertEquals(CONTENT.length, Files.size(point.resolve("w")));
    Thread.sleep(2 * Forgetting.LOOKED_UP_AGAIN_MS);
    assertEquals(1, files.leases);
    mapped.sees(CONTENT);
    mapped.close();
    await("the kernel to forget it", () -> files.leases == 0);
  }

  /** A file that is not in memory yet, and a process that opens it. */
  private Process opensWhatArrives(FakeArrival arrival) throws Exception {
    files.put("/late", 9, false, CONTENT.length);
    files.arriving.put("/late", arrival);
    Process cat = new ProcessBuilder("cat", point.resolve("late").toString()).start();
    await("the kernel to ask for it", () -> files.openFiles == 1);
    return cat;
  }

  @Test
  void shouldHandOverWhatIsWholeSoon() throws Exception {
    FakeArrival arrival = new FakeArrival();
    Process cat = opensWhatArrives(arrival);
    // Who looks at it meanwhile does not wait.
    assertEquals(CONTENT.length, Files.size(point.resolve("late")));
    Path block = Files.write(dir.resolve("late-block"), CONTENT);
    files.inMemory.put("/late", BlockFile.openForRead(block));
    arrival.state = State.WHOLE;
    assertArrayEquals(CONTENT, cat.getInputStream().readAllBytes());
    assertEquals(0, cat.waitFor());
    assertEquals(1, files.passedThrough);
  }

  @Test
  void shouldLetGoOfAKilledProcessThatWaitsInOpen() throws Exception {
    Process cat = opensWhatArrives(new FakeArrival());
    cat.destroyForcibly();
    assertTrue(cat.waitFor(60, TimeUnit.SECONDS), "it should be gone");
    await("its file to be closed", () -> files.openFiles == 0);
  }

  @Test
  void shouldFailTheOpenOfWhatCannotBeHad() throws Exception {
    FakeArrival arrival = new FakeArrival();
    Process cat = opensWhatArrives(arrival);
    arrival.failure = new TransferException(Remedy.STOP, "it is no longer at the origin");
    assertEquals(0, cat.getInputStream().readAllBytes().length);
    assertEquals(1, cat.waitFor());
    assertEquals(0, files.openFiles);
  }

  @Test
  void shouldEndWhileAnOpenWaits() throws Exception {
    Process cat = opensWhatArrives(new FakeArrival());
    mount.close();
    assertEquals(1, cat.waitFor());
  }

  private static void assertFailsForEver(FileChannel channel) {
    for (int i = 0; i < 3; i++) {
      assertThrows(IOException.class, () -> channel.read(ByteBuffer.allocate(10), 50_000));
      assertThrows(IOException.class, () -> channel.read(ByteBuffer.allocate(10), 0));
      assertThrows(IOException.class, () -> channel.read(ByteBuffer.allocate(9), 99_990));
    }
  }

  /** The kernel's own pages. */
  @Test
  void shouldTakeAwayWhatTheKernelKeepsOfWrongBytes() throws Exception {
    files.put("/cached", 8, false, CONTENT.length);
    Path cached = point.resolve("cached");
    byte[] content = Files.readAllBytes(cached);
    try (FileChannel channel = FileChannel.open(cached, StandardOpenOption.READ);
        MappedReader mapped = MappedReader.of(cached, content)) {
      assertEquals(10, channel.read(ByteBuffer.allocate(10)));
      files.drop(8);
      mapped.awaitFault();
      assertFailsForEver(channel);
      assertEquals(CONTENT.length, Files.readAllBytes(cached).length);
      assertFailsForEver(channel);
    }
    assertEquals(0, files.passedThrough);
  }

  /** Blocks that it reads by itself. */
  @Test
  void shouldTakeAwayABlockThatTheKernelReadsByItself() throws Exception {
    FileChannel channel = open();
    FileChannel idle = open();
    MappedReader mapped = MappedReader.of(point.resolve("w"), CONTENT);
    assertEquals(10, channel.read(ByteBuffer.allocate(10)));
    assertEquals(3, files.passedThrough);
    files.inMemory.remove("/w");
    files.drop(6);
    mapped.awaitFault();
    assertFailsForEver(channel);
    assertEquals(CONTENT.length, Files.readAllBytes(point.resolve("w")).length);
    assertFailsForEver(channel);
    // They are closed all the same.
    assertThrows(IOException.class, channel::close);
    assertThrows(IOException.class, idle::close);
    await("the kernel to forget it", () -> files.leases == 0);
  }

  @Test
  void shouldTakeAwayABlockThatIsMappedThoughItsFileIsClosed() throws Exception {
    MappedReader mapped = MappedReader.of(point.resolve("w"), CONTENT);
    await("the kernel to say that it was closed", () -> files.openFiles == 0);
    files.drop(6);
    mapped.awaitFault();
  }

  @Test
  void shouldLetOthersReadOnlyWhatTheModeAllows() throws Exception {
    assertEquals(0, exitCode("cat", point.resolve("secret").toString()), "its owner may");
    assertEquals(0, asNobody("cat", point.resolve("w").toString()));
    assertEquals(1, asNobody("cat", point.resolve("secret").toString()));
  }

  private static int asNobody(String... command) throws Exception {
    List<String> all = new ArrayList<>(List.of("setpriv", "--reuid=65534", "--regid=65534"));
    all.add("--clear-groups");
    all.addAll(List.of(command));
    return exitCode(all.toArray(new String[0]));
  }

  private static int exitCode(String... command) throws Exception {
    Process process =
        new ProcessBuilder(command).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
    return process.waitFor();
  }
}
