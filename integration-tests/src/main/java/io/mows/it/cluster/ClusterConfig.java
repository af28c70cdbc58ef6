// SPDX-License-Identifier: Apache-2.0
package io.mows.it.cluster;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** What a {@link LocalCluster} is made of; immutable. */
public final class ClusterConfig {
  private final Builder from;

  private ClusterConfig(Builder from) {
    this.from = from;
  }

  /** One stock worker with 1 GiB of memory, mounted, over an empty local directory. */
  public static Builder builder() {
    return new Builder();
  }

  /** A builder that starts from this value. */
  public Builder toBuilder() {
    return new Builder(from);
  }

  int workers() {
    return from.workers;
  }

  long ramdiskBytes() {
    return from.ramdiskBytes;
  }

  int workerHeapMiB() {
    return from.workerHeapMiB;
  }

  int workerDirectMiB() {
    return from.workerDirectMiB;
  }

  /** The directory that is the root under file system, unless the cluster makes its own. */
  Optional<Path> localRoot() {
    return Optional.ofNullable(from.localRoot);
  }

  /** The origin whose bucket is the root under file system, unless that is a directory. */
  Optional<OriginConfig> origin() {
    return Optional.ofNullable(from.origin);
  }

  /** The drop-in jar of one worker; empty for a stock one. */
  Optional<Path> dropInJar(int worker) {
    return from.stockWorkers.contains(worker)
        ? Optional.empty()
        : Optional.ofNullable(from.workerJars.getOrDefault(worker, from.dropInJar));
  }

  /** The drop-in jar of the cluster: the master's, and of workers that have no other one. */
  Optional<Path> dropInJar() {
    return Optional.ofNullable(from.dropInJar);
  }

  Map<String, String> properties() {
    return from.properties;
  }

  Map<String, String> workerProperties(int worker) {
    return from.workerProperties.getOrDefault(worker, Map.of());
  }

  boolean mount() {
    return from.mount;
  }

  Optional<String> mountOptions() {
    return Optional.ofNullable(from.mountOptions);
  }

  String mountAlluxioPath() {
    return from.mountAlluxioPath;
  }

  Path fuseDevice() {
    return from.fuseDevice;
  }

  NetworkConfig network() {
    return from.network;
  }

  boolean jobServers() {
    return from.jobServers;
  }

  boolean firstCompilerOnly() {
    return from.firstCompilerOnly;
  }

  Duration startTimeout() {
    return from.startTimeout;
  }

  Optional<Path> logsDir() {
    return Optional.ofNullable(from.logsDir);
  }

  Consumer<String> progress() {
    return from.progress;
  }

  /** Collects the settings; not thread-safe. */
  public static final class Builder {
    private int workers = 1;
    private long ramdiskBytes = 1L << 30;
    private int workerHeapMiB = 512;
    private int workerDirectMiB = 1024;
    private Path localRoot;
    private OriginConfig origin;
    private Path dropInJar;
    private Set<Integer> stockWorkers = new HashSet<>();
    private Map<Integer, Path> workerJars = new HashMap<>();
    private Map<String, String> properties = new LinkedHashMap<>();
    private Map<Integer, Map<String, String>> workerProperties = new HashMap<>();
    private boolean mount = true;
    private String mountOptions;
    private String mountAlluxioPath = "/";
    private Path fuseDevice = Path.of("/dev/fuse");
    private NetworkConfig network = NetworkConfig.loopback();
    private boolean jobServers = true;
    private boolean firstCompilerOnly;
    private Duration startTimeout = Duration.ofMinutes(2);
    private Path logsDir;
    private Consumer<String> progress = line -> {};

    private Builder() {}

    private Builder(Builder other) {
      workers = other.workers;
      ramdiskBytes = other.ramdiskBytes;
      workerHeapMiB = other.workerHeapMiB;
      workerDirectMiB = other.workerDirectMiB;
      localRoot = other.localRoot;
      origin = other.origin;
      dropInJar = other.dropInJar;
      stockWorkers = new HashSet<>(other.stockWorkers);
      workerJars = new HashMap<>(other.workerJars);
      properties = new LinkedHashMap<>(other.properties);
      other.workerProperties.forEach(
          (worker, map) -> workerProperties.put(worker, new LinkedHashMap<>(map)));
      mount = other.mount;
      mountOptions = other.mountOptions;
      mountAlluxioPath = other.mountAlluxioPath;
      fuseDevice = other.fuseDevice;
      network = other.network;
      jobServers = other.jobServers;
      firstCompilerOnly = other.firstCompilerOnly;
      startTimeout = other.startTimeout;
      logsDir = other.logsDir;
      progress = other.progress;
    }

    /** The number of workers, 1 to 200. */
    public Builder workers(int count) {
      workers = count;
      return this;
    }

    /** Each worker's memory tier; as root a tmpfs of its own, else a directory in /dev/shm. */
    public Builder ramdiskBytes(long bytes) {
      ramdiskBytes = bytes;
      return this;
    }

    /** Each worker's Java heap and direct memory. */
    public Builder workerMemoryMiB(int heapMiB, int directMiB) {
      workerHeapMiB = heapMiB;
      workerDirectMiB = directMiB;
      return this;
    }

    /** Makes an existing directory the root under file system; it is left as it is at the end. */
    public Builder localRoot(Path directory) {
      localRoot = directory.toAbsolutePath();
      return this;
    }

    /** Starts a test origin and makes its bucket ({@code oss://}) the root under file system. */
    public Builder origin(OriginConfig originConfig) {
      origin = originConfig;
      return this;
    }

    /** Puts a jar where {@code ALLUXIO_CLASSPATH} would, for every process but stock workers. */
    public Builder dropInJar(Path jar) {
      dropInJar = jar.toAbsolutePath();
      return this;
    }

    /** Another drop-in jar for one worker, such as that of an older release. */
    public Builder workerJar(int worker, Path jar) {
      workerJars.put(worker, jar.toAbsolutePath());
      return this;
    }

    /** Keeps the drop-in jar away from one worker. */
    public Builder stockWorker(int worker) {
      stockWorkers.add(worker);
      return this;
    }

    /**
     * An Alluxio property of every process; stronger than what the cluster sets itself. {@code
     * {worker-0}} in a value stands for the address of a worker.
     */
    public Builder property(String key, String value) {
      properties.put(key, value);
      return this;
    }

    /** An Alluxio property of one worker; stronger than {@link #property}. */
    public Builder workerProperty(int worker, String key, String value) {
      workerProperties.computeIfAbsent(worker, unused -> new LinkedHashMap<>()).put(key, value);
      return this;
    }

    /** Whether workers mount (embedded FUSE) when this machine can; default true. */
    public Builder mount(boolean mounted) {
      mount = mounted;
      return this;
    }

    /** {@code alluxio.fuse.mount.options}; without it Alluxio's default. */
    public Builder mountOptions(String options) {
      mountOptions = options;
      return this;
    }

    /** {@code alluxio.fuse.mount.alluxio.path}; default {@code /}. */
    public Builder mountAlluxioPath(String path) {
      mountAlluxioPath = path;
      return this;
    }

    /** Where to look for the FUSE device: a test can look where there is none. */
    Builder fuseDevice(Path device) {
      fuseDevice = device;
      return this;
    }

    /** How the nodes are connected; default {@link NetworkConfig#loopback()}. */
    public Builder network(NetworkConfig config) {
      network = config;
      return this;
    }

    /**
     * Workers compile with the JVM's first compiler only, and collect garbage without threads. For
     * many workers on few processors, where each compiles for itself what one compiles on a machine
     * of its own: then that would be what is measured.
     */
    public Builder firstCompilerOnly(boolean only) {
      firstCompilerOnly = only;
      return this;
    }

    /** Whether to run a job master and job workers (for distributedLoad); default true. */
    public Builder jobServers(boolean run) {
      jobServers = run;
      return this;
    }

    /** How long the whole cluster may take to start; default 120 seconds. */
    public Builder startTimeout(Duration timeout) {
      startTimeout = timeout;
      return this;
    }

    /** Keeps the logs of all processes here; without it they are kept only if the start fails. */
    public Builder logsDir(Path directory) {
      logsDir = directory.toAbsolutePath();
      return this;
    }

    /** Gets a line for everything of note that happens; default: nothing is said. */
    public Builder progress(Consumer<String> lines) {
      progress = lines;
      return this;
    }

    /**
     * The value.
     *
     * @throws IllegalArgumentException if the settings do not fit together
     */
    public ClusterConfig build() {
      check(workers >= 1 && workers <= 200, "workers is " + workers + "; use 1 to 200");
      check(ramdiskBytes > 0, "ramdiskBytes is " + ramdiskBytes + "; use a positive size");
      check(
          localRoot == null || origin == null,
          "localRoot and origin are both set; the root under file system can be one of them");
      return new ClusterConfig(new Builder(this));
    }

    private static void check(boolean holds, String problem) {
      if (!holds) {
        throw new IllegalArgumentException(problem);
      }
    }
  }
}
