// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mows.alluxio.check.Finding.Level;
import io.mows.channel.Availability;
import io.mows.channel.ChannelChoice;
import io.mows.channel.ChannelSettings;
import io.mows.channel.DataChannel;
import io.mows.channel.DataChannelProvider;
import io.mows.channel.PeerListener;
import io.mows.channel.PieceServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class WorkerChecksTest {
  private static final long RDMA_MEMORY = 256L << 20;
  private static final String HUGE = "sys/kernel/mm/transparent_hugepage/shmem_enabled";

  @TempDir Path root;

  private Availability rdma = Availability.no("there is no RDMA device");
  private ChannelChoice choice = ChannelChoice.AUTO;
  private boolean tls;
  private OptionalInt readAheadKb = OptionalInt.of(2_048);
  private Optional<Path> mountPoint = Optional.of(Path.of("/mnt/models"));
  private Map<Path, Long> memory = Map.of();

  @BeforeEach
  void makeAGoodMachine() throws IOException {
    limit("unlimited");
    write("proc/sys/kernel/osrelease", "6.1.0-13-amd64\n");
    write("proc/self/maps", "7f00-7f01 r-xp 0 00:1 2   /usr/lib/libfuse3.so.3.14.0\n");
    write("dev/fuse", "");
  }

  private void write(String file, String content) throws IOException {
    Files.createDirectories(root.resolve(file).getParent());
    Files.writeString(root.resolve(file), content);
  }

  private String openFiles = "20000";

  private void limit(String soft) throws IOException {
    write(
        "proc/self/limits",
        "Max cpu time              unlimited            unlimited            seconds   \n"
            + "Max locked memory         "
            + soft
            + "              unlimited            bytes     \n"
            + "Max open files            "
            + openFiles
            + "               20000                files     \n");
  }

  @Test
  void shouldSayHowManyFilesMayBeOpen() throws IOException {
    limit("unlimited");
    assertFound(Level.OK, "open files", "20000", "");
    openFiles = "1024";
    limit("unlimited");
    assertFound(Level.NOTE, "open files", "1024", "LimitNOFILE");
    Files.delete(root.resolve("proc/self/limits"));
    assertFound(Level.NOTE, "open files", "not known", "ulimit -n");
  }

  private Finding find(String subject) {
    WorkerChecks checks =
        new WorkerChecks(
            new Machine(root),
            new WorkerChecks.Settings(
                choice, RDMA_MEMORY, tls, mountPoint, () -> readAheadKb, memory),
            List.of(
                new FakeProvider("tcp", Availability.yes("epoll")), new FakeProvider("rdma", rdma)),
            List::of);
    return checks.run().stream()
        .filter(finding -> finding.subject().equals(subject))
        .findFirst()
        .orElseThrow(() -> new AssertionError("nothing about " + subject));
  }

  private void assertFound(Level level, String subject, String found, String remedy) {
    Finding finding = find(subject);
    assertEquals(level, finding.level(), finding::toString);
    assertTrue(finding.found().contains(found), finding::toString);
    assertTrue(finding.remedy().contains(remedy), finding::toString);
    assertEquals(level == Level.OK, finding.remedy().isEmpty(), finding::toString);
  }

  @Test
  void shouldFindNothingWrongWithAGoodMachine() {
    for (String subject : List.of("channel tcp", "locked memory", "FUSE", "libfuse", "kernel")) {
      assertFound(Level.OK, subject, "", "");
    }
    assertFound(Level.OK, "RDMA device", "none", "");
    assertFound(Level.OK, "read-ahead", "2048 KiB", "");
    assertFound(Level.OK, "libfuse", "libfuse3.so.3.14.0", "");
  }

  @Test
  void shouldSayWhyAChannelIsNotAvailable() {
    assertFound(Level.NOTE, "channel rdma", "there is no RDMA device", "channel=auto");
    choice = ChannelChoice.RDMA;
    assertFound(Level.PROBLEM, "channel rdma", "there is no RDMA device", "channel=auto");
    rdma = Availability.yes("mlx5_0");
    assertFound(Level.OK, "channel rdma", "mlx5_0", "");
    tls = true;
    assertFound(Level.NOTE, "channel rdma", "TLS is on", "tls.enabled=false");
  }

  @Test
  void shouldCompareTheLimitOfLockedMemoryWithWhatRdmaNeeds() throws IOException {
    limit("65536");
    assertFound(Level.OK, "locked memory", "64.00KB", "");
    rdma = Availability.yes("mlx5_0");
    assertFound(Level.PROBLEM, "locked memory", "64.00KB", "ulimit -l unlimited");
    limit(Long.toString(RDMA_MEMORY));
    assertFound(Level.OK, "locked memory", "256.00MB", "");
    Files.delete(root.resolve("proc/self/limits"));
    assertFound(Level.NOTE, "locked memory", "not known", "ulimit");
  }

  @Test
  void shouldNotMissLibfuseWhereTheKernelIsSpokenToDirectly() throws IOException {
    write("proc/self/maps", "7f00-7f01 r-xp 0 00:1 2   /usr/lib/libc.so.6\n");
    write("proc/self/mountinfo", "40 1 0:50 / /mnt/models ro - fuse.mows alluxio-fuse ro\n");
    assertFound(Level.OK, "libfuse", "not needed", "");
  }

  @Test
  void shouldSayWhatTheMountLacks() throws IOException {
    readAheadKb = OptionalInt.of(128);
    assertFound(Level.NOTE, "read-ahead", "128 KiB", "read_ahead_kb");
    readAheadKb = OptionalInt.empty();
    assertFound(Level.OK, "read-ahead", "no mount is there", "");
    write("proc/self/maps", "7f00-7f01 r-xp 0 00:1 2   /usr/lib/libfuse.so.2.9.9\n");
    assertFound(Level.NOTE, "libfuse", "128 KiB", "libfuse3-3");
    write("proc/self/maps", "7f00-7f01 r-xp 0 00:1 2   /usr/lib/libc.so.6\n");
    assertFound(Level.OK, "libfuse", "none", "");
    Files.delete(root.resolve("dev/fuse"));
    assertFound(Level.OK, "FUSE", "see the mount", "");
    mountPoint = Optional.empty();
    for (String subject : List.of("FUSE", "libfuse", "read-ahead")) {
      assertFound(Level.OK, subject, "no", "");
    }
  }

  @Test
  void shouldKnowWhatTheKernelCannotDo() throws IOException {
    write("proc/sys/kernel/osrelease", "4.19.0-5\n");
    assertFound(Level.NOTE, "kernel", "4.19.0-5", "4.20");
    write("proc/sys/kernel/osrelease", "6.10.1\n");
    assertFound(Level.OK, "kernel", "has FUSE passthrough", "");
    write("proc/sys/kernel/osrelease", "6.1.1\n");
    assertFound(Level.OK, "kernel", "lacks FUSE passthrough", "");
  }

  @Test
  void shouldCompareTheMemoryWithWhatTheWorkerMayUse() throws IOException {
    Path tmpfs = Path.of("/dev/shm");
    boolean here = Machine.space(tmpfs).map(Machine.Space::isMemory).orElse(false);
    if (here) {
      memory = Map.of(tmpfs, 1L);
      assertFound(Level.OK, "memory /dev/shm", "tmpfs", "");
      memory = Map.of(tmpfs, Long.MAX_VALUE);
      assertFound(Level.PROBLEM, "memory /dev/shm", "tmpfs", "ramdisk.size");
    }
    memory = Map.of(root.resolve("gone"), 1L);
    assertFound(Level.PROBLEM, "memory " + root.resolve("gone"), "missing", "log");
  }

  @Test
  void shouldSayHowMemoryGetsHugePages() throws IOException {
    Path tmpfs = Path.of("/dev/shm");
    memory = Map.of(tmpfs, 1L);
    assertThrows(AssertionError.class, () -> find("huge pages /dev/shm"), "the kernel has none");

    write(HUGE, "always within_size advise [never] deny force\n");
    mounts("rw,size=24684096k");
    assertFound(Level.NOTE, "huge pages /dev/shm", "not in use", "huge=within_size /dev/shm");
    mounts("rw,size=24684096k,huge=within_size");
    assertFound(Level.OK, "huge pages /dev/shm", "in use", "");
    write(HUGE, "always within_size advise never [deny] force\n");
    assertThrows(AssertionError.class, () -> find("huge pages /dev/shm"), "nothing to be done");
  }

  private void mounts(String options) throws IOException {
    write(
        "proc/self/mountinfo",
        "22 1 254:1 / / rw,relatime shared:1 - ext4 /dev/root rw\n"
            + "23 22 0:5 / /dev rw shared:2 - devtmpfs devtmpfs rw,huge=always\n"
            + ("24 23 0:20 / /dev/shm rw,nosuid - tmpfs tmpfs " + options + "\n")
            + "25 22 0:21 / /proc rw shared:3 - proc proc rw\n");
  }

  @Test
  void shouldLookAgainOnlyAfterAWhile() {
    long[] nowNs = {0};
    int[] looks = {0};
    CheckGauge gauge =
        new CheckGauge(
            () -> {
              looks[0]++;
              return List.of(Finding.note("a", "b", "c"));
            },
            () -> nowNs[0]);
    assertEquals(
        List.of(Map.of("level", "NOTE", "subject", "a", "found", "b", "remedy", "c")),
        gauge.getValue());
    gauge.getValue();
    assertEquals(1, looks[0]);
    nowNs[0] = 10_000_000_000L;
    assertFalse(gauge.getValue().isEmpty());
    assertEquals(2, looks[0]);
  }

  private static final class FakeProvider implements DataChannelProvider {
    private final String name;
    private final Availability availability;

    FakeProvider(String name, Availability availability) {
      this.name = name;
      this.availability = availability;
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public Availability availability() {
      return availability;
    }

    @Override
    public int priority() {
      return 0;
    }

    @Override
    public DataChannel open(ChannelSettings settings, PieceServer server, PeerListener listener) {
      throw new UnsupportedOperationException();
    }
  }
}
