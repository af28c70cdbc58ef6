// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.check;

import static alluxio.util.FormatUtils.getSizeFromBytes;

import io.mows.alluxio.mount.MountType;
import io.mows.channel.Availability;
import io.mows.channel.ChannelChoice;
import io.mows.channel.DataChannelProvider;
import io.mows.channel.rdma.RdmaDevice;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** Looks a worker over. Thread-safe; takes some milliseconds. */
public final class WorkerChecks {
  /** What the mount sets if it may. */
  private static final int READ_AHEAD_KB = 2_048;

  private static final long ENOUGH_OPEN_FILES = 16_384;

  private static final String RDMA = ChannelChoice.RDMA.providerName();

  private final Machine machine;
  private final Settings settings;
  private final List<DataChannelProvider> providers;
  private final Supplier<List<RdmaDevice>> devices;

  public WorkerChecks(Settings settings, List<DataChannelProvider> providers) {
    this(new Machine(Path.of("/")), settings, providers, RdmaDevice::all);
  }

  WorkerChecks(
      Machine machine,
      Settings settings,
      List<DataChannelProvider> providers,
      Supplier<List<RdmaDevice>> devices) {
    this.machine = machine;
    this.settings = settings;
    this.providers = List.copyOf(providers);
    this.devices = devices;
  }

  /** One finding for each thing that was looked at. */
  public List<Finding> run() {
    List<Finding> findings = new ArrayList<>();
    boolean rdma = false;
    for (DataChannelProvider provider : providers) {
      Availability availability = provider.availability();
      findings.add(channel(provider.name(), availability));
      rdma |= provider.name().equals(RDMA) && availability.isAvailable();
    }
    findings.add(rdmaDevices());
    findings.add(lockedMemory(rdma));
    findings.add(openFiles());
    findings.add(fuse());
    findings.add(libfuse());
    findings.add(readAhead());
    settings.memoryDirectories.forEach(
        (path, bytes) -> {
          findings.add(memory(path, bytes));
          hugePages(path).ifPresent(findings::add);
        });
    findings.add(kernel());
    return findings;
  }

  private Finding channel(String name, Availability availability) {
    String subject = "channel " + name;
    if (availability.isAvailable()) {
      boolean unused = settings.usesTls && name.equals(RDMA);
      return unused
          ? Finding.note(
              subject,
              "not used: TLS is on, and RDMA does not encrypt",
              "alluxio.mows.security.tls.enabled=false, if the network is yours alone")
          : Finding.ok(subject, availability.toString());
    }
    String remedy = "what it says, or leave alluxio.mows.channel=auto: TCP does all then";
    return settings.channel.providerName().equals(name)
        ? Finding.problem(subject, availability.toString(), remedy)
        : Finding.note(subject, availability.toString(), remedy);
  }

  private Finding rdmaDevices() {
    List<RdmaDevice> found = devices.get();
    String names = found.stream().map(RdmaDevice::toString).collect(Collectors.joining("; "));
    if (found.isEmpty()) {
      return Finding.ok("RDMA device", "none");
    }
    return found.stream().anyMatch(RdmaDevice::isActive)
        ? Finding.ok("RDMA device", names)
        : Finding.note("RDMA device", names, "none has a link: check cable, switch and driver");
  }

  private Finding lockedMemory(boolean rdma) {
    OptionalLong limit = machine.lockableBytes();
    if (limit.isEmpty()) {
      return Finding.note("locked memory", "the limit is not known", "look at ulimit -l");
    }
    long bytes = limit.getAsLong();
    String found = bytes == Machine.UNLIMITED ? "unlimited" : "at most " + getSizeFromBytes(bytes);
    if (!rdma || bytes >= settings.rdmaMemoryBytes) {
      return Finding.ok("locked memory", found);
    }
    return Finding.problem(
        "locked memory",
        found + ", less than alluxio.mows.rdma.memory",
        "ulimit -l unlimited before the worker starts; LimitMEMLOCK=infinity under systemd;"
            + " IPC_LOCK in a container");
  }

  private Finding openFiles() {
    OptionalLong limit = machine.openFiles();
    if (limit.isEmpty()) {
      return Finding.note("open files", "the limit is not known", "look at ulimit -n");
    }
    long files = limit.getAsLong();
    String found = files == Machine.UNLIMITED ? "unlimited" : "at most " + files;
    return files >= ENOUGH_OPEN_FILES
        ? Finding.ok("open files", found)
        : Finding.note(
            "open files",
            found,
            "ulimit -Hn 65536 before the worker starts; LimitNOFILE=65536 under systemd; a worker"
                + " that is root, or has SYS_RESOURCE, raises it itself");
  }

  private Finding fuse() {
    if (machine.hasFuse()) {
      return Finding.ok("FUSE", "/dev/fuse is there");
    }
    // Whether that is what a mount fails for, the finding about the mount says.
    return Finding.ok(
        "FUSE",
        settings.mountPoint.isPresent()
            ? "no /dev/fuse: see the mount"
            : "no /dev/fuse, and no mount is asked for");
  }

  private Finding libfuse() {
    boolean direct =
        settings
            .mountPoint
            .flatMap(machine::mountOf)
            .filter(mount -> mount.type().equals(MountType.NAME))
            .isPresent();
    if (direct) {
      return Finding.ok("libfuse", "not needed: the worker speaks to the kernel itself");
    }
    Optional<String> loaded = machine.libfuse();
    if (loaded.isEmpty()) {
      return Finding.ok("libfuse", "none is loaded, and no mount is there that needs it");
    }
    return loaded.get().startsWith("libfuse3")
        ? Finding.ok("libfuse", loaded.get())
        : Finding.note(
            "libfuse",
            loaded.get() + ": reads of at most 128 KiB",
            "apt-get install libfuse3-3, for reads of 1 MiB");
  }

  private Finding readAhead() {
    if (settings.mountPoint.isEmpty()) {
      return Finding.ok("read-ahead", "no mount is asked for");
    }
    OptionalInt kilobytes = settings.readAheadKb.get();
    if (kilobytes.isEmpty()) {
      return Finding.ok("read-ahead", "no mount is there that could do it");
    }
    return kilobytes.getAsInt() >= READ_AHEAD_KB
        ? Finding.ok("read-ahead", kilobytes.getAsInt() + " KiB")
        : Finding.note(
            "read-ahead",
            kilobytes.getAsInt() + " KiB: sequential reads are slower",
            "as root, write "
                + READ_AHEAD_KB
                + " to /sys/class/bdi/<device>/read_ahead_kb; 'mountpoint -d "
                + settings.mountPoint.get()
                + "' prints the device");
  }

  private static Finding memory(Path directory, long neededBytes) {
    String subject = "memory " + directory;
    Optional<Machine.Space> space = Machine.space(directory);
    if (space.isEmpty()) {
      return Finding.problem(subject, "it is missing", "see the worker's log");
    }
    String found =
        space.get().type()
            + " of "
            + getSizeFromBytes(space.get().bytes())
            + ", the worker may use "
            + getSizeFromBytes(neededBytes);
    if (!space.get().isMemory()) {
      return Finding.note(subject, found, "mount a tmpfs there: this is not memory");
    }
    return space.get().bytes() >= neededBytes
        ? Finding.ok(subject, found)
        : Finding.problem(
            subject,
            found,
            "a larger tmpfs (mount -o remount,size=...), or a smaller"
                + " alluxio.worker.ramdisk.size: writes fail when it is full");
  }

  /** Empty where nothing can be said: not a tmpfs, or a kernel without them. */
  private Optional<Finding> hugePages(Path directory) {
    if (!machine.hasHugePages()) {
      return Optional.empty();
    }
    String subject = "huge pages " + directory;
    return machine
        .mountOf(directory)
        .filter(mount -> mount.type().equals("tmpfs"))
        .map(
            mount ->
                mount.hasOption("huge=within_size") || mount.hasOption("huge=always")
                    ? Finding.ok(subject, "in use")
                    : Finding.note(
                        subject,
                        "not in use: reads and writes of memory take two to five times as long",
                        "as root, mount -o remount,huge=within_size " + mount.point()));
  }

  private Finding kernel() {
    String release = machine.kernel();
    if (!Machine.isAtLeast(release, 4, 20)) {
      return Finding.note(
          "kernel", release + ": FUSE reads of at most 128 KiB", "Linux 4.20 or later");
    }
    String passthrough = Machine.isAtLeast(release, 6, 9) ? "has" : "lacks";
    return Finding.ok(
        "kernel", release + ": FUSE reads of 1 MiB; " + passthrough + " FUSE passthrough");
  }

  /** What the worker is set to do. Immutable. */
  public static final class Settings {
    private final ChannelChoice channel;
    private final long rdmaMemoryBytes;
    private final boolean usesTls;
    private final Optional<Path> mountPoint;
    private final Supplier<OptionalInt> readAheadKb;
    private final Map<Path, Long> memoryDirectories;

    /**
     * @param mountPoint empty if no mount is asked for
     * @param readAheadKb of the mount; empty if it is not mounted
     * @param memoryDirectories where blocks are kept in memory, and how many bytes of them
     */
    public Settings(
        ChannelChoice channel,
        long rdmaMemoryBytes,
        boolean usesTls,
        Optional<Path> mountPoint,
        Supplier<OptionalInt> readAheadKb,
        Map<Path, Long> memoryDirectories) {
      this.channel = channel;
      this.rdmaMemoryBytes = rdmaMemoryBytes;
      this.usesTls = usesTls;
      this.mountPoint = mountPoint;
      this.readAheadKb = readAheadKb;
      this.memoryDirectories = Map.copyOf(memoryDirectories);
    }
  }
}
