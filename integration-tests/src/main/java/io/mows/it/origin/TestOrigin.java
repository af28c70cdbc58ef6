// SPDX-License-Identifier: Apache-2.0
package io.mows.it.origin;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/**
 * An OSS-compatible object server over local directories, which the Aliyun OSS SDK and Alluxio's
 * OSS under file system talk to unmodified. It only reads: objects are the files under a bucket's
 * directory, replaced and deleted files are seen at once. It shapes bandwidth, injects faults and
 * counts; all of these may be changed and read at any time. Thread-safe.
 *
 * <pre>{@code
 * try (TestOrigin origin = TestOrigin.builder().bucket("models", dir).start()) {
 *   origin.setFaults(List.of(Fault.reset(4096).onKeys("*.safetensors").times(1)));
 *   ... origin.alluxioProperties() ...
 *   assertEquals(modelBytes, origin.stats().bytesSent());
 * }
 * }</pre>
 *
 * <p>Addressing: virtual-host ({@code bucket.host}), path ({@code /bucket/key}) and CNAME ({@code
 * /key}, the bucket only in the signature), which is what the Java SDK uses for an IP address.
 */
public final class TestOrigin implements AutoCloseable {
  /** A reader may pause for this long, as a mount's reader does. */
  private static final long IDLE_TIMEOUT_MS = 10 * 60 * 1000;

  private static final int MAX_THREADS = 1024;

  private final Server server;
  private final ServerConnector connector;
  private final AdminServer admin;
  private final Shaper shaper;
  private final FaultInjector faults = new FaultInjector();
  private final OriginCounters counters = new OriginCounters();
  private final Connections connections = new Connections();
  private final Builder options;

  private TestOrigin(Builder options) throws IOException {
    this.options = options;
    this.shaper = new Shaper(options.shaping);
    QueuedThreadPool threads = new QueuedThreadPool(MAX_THREADS);
    threads.setName("test-origin");
    threads.setDaemon(true);
    this.server = new Server(threads);
    HttpConfiguration http = new HttpConfiguration();
    http.setSendServerVersion(false);
    this.connector = new ServerConnector(server, new HttpConnectionFactory(http));
    connector.setHost(options.bindHost);
    connector.setPort(options.port);
    connector.setIdleTimeout(IDLE_TIMEOUT_MS);
    connector.addBean(connections);
    server.addConnector(connector);
    server.setHandler(
        new OssHandler(
            Map.copyOf(options.buckets),
            new OssAuthenticator(options.accessKeyId, options.accessKeySecret),
            faults,
            shaper,
            new BodySender(shaper, connections, connector.getByteBufferPool()),
            counters));
    this.admin = options.adminPort < 0 ? null : new AdminServer(this, options);
    try {
      server.start();
      if (admin != null) {
        admin.start();
      }
    } catch (Exception e) {
      close();
      throw new IOException(
          "cannot listen on "
              + options.bindHost
              + ":"
              + options.port
              + "; is the port free and the address this machine's?",
          e);
    }
  }

  public static Builder builder() {
    return new Builder();
  }

  public int port() {
    return connector.getLocalPort();
  }

  /** Empty if the origin was started without its admin API. */
  public OptionalInt adminPort() {
    return admin == null ? OptionalInt.empty() : OptionalInt.of(admin.port());
  }

  /** Where clients connect to: {@code http://host:port}. */
  public URI endpoint() {
    String host = options.bindHost.equals("0.0.0.0") ? "127.0.0.1" : options.bindHost;
    return URI.create("http://" + host + ":" + port());
  }

  /** The properties with which Alluxio mounts {@code oss://bucket/} from here. */
  public Map<String, String> alluxioProperties() {
    return Map.of(
        "fs.oss.endpoint", endpoint().toString(),
        "fs.oss.accessKeyId", options.accessKeyId,
        "fs.oss.accessKeySecret", options.accessKeySecret);
  }

  public Shaping shaping() {
    return shaper.shaping();
  }

  /** Takes effect at once, for transfers under way too. */
  public void setShaping(Shaping shaping) {
    shaper.setShaping(shaping);
  }

  /** Replaces all faults; none: {@code List.of()}. The first that strikes a request spoils it. */
  public void setFaults(List<Fault> newFaults) {
    faults.setFaults(newFaults);
  }

  /** Counters since the start or the last reset. */
  public OriginStats stats() {
    return counters.snapshot(connections);
  }

  /** Sets counters to zero, and the peak to the connections open now. Faults stay. */
  public void resetCounters() {
    counters.reset();
    connections.resetPeak();
  }

  /** Stops at once; transfers under way are cut off. */
  @Override
  public void close() {
    shaper.stop();
    faults.stop();
    try {
      if (admin != null) {
        admin.stop();
      }
      server.stop();
    } catch (Exception e) {
      throw new IllegalStateException("the test origin did not stop", e);
    }
  }

  /** Options of an origin. Defaults: loopback, a free port, no admin API, unshaped, key "test". */
  public static final class Builder {
    private final Map<String, BucketDirectory> buckets = new LinkedHashMap<>();
    private String bindHost = "127.0.0.1";
    private int port;
    private int adminPort = -1;
    private String accessKeyId = "test";
    private String accessKeySecret = "test-secret";
    private Shaping shaping = Shaping.unshaped();

    private Builder() {}

    /** Serves the files under {@code dir}, which must exist; needed at least once. */
    public Builder bucket(String name, Path dir) {
      if (!Files.isDirectory(dir)) {
        throw new IllegalArgumentException("bucket " + name + ": " + dir + " is no directory");
      }
      buckets.put(name, new BucketDirectory(name, dir));
      return this;
    }

    public Builder bindHost(String host) {
      this.bindHost = host;
      return this;
    }

    /** 0: any free port. */
    public Builder port(int newPort) {
      this.port = newPort;
      return this;
    }

    /** Starts the admin API too; 0: any free port. */
    public Builder adminPort(int newPort) {
      this.adminPort = newPort;
      return this;
    }

    public Builder accessKey(String id, String secret) {
      this.accessKeyId = id;
      this.accessKeySecret = secret;
      return this;
    }

    public Builder shaping(Shaping newShaping) {
      this.shaping = newShaping;
      return this;
    }

    String bindHost() {
      return bindHost;
    }

    int adminPort() {
      return adminPort;
    }

    /** Starts the origin; it is ready when this returns. */
    public TestOrigin start() throws IOException {
      if (buckets.isEmpty()) {
        throw new IllegalArgumentException("no bucket; name at least one with its directory");
      }
      return new TestOrigin(this);
    }
  }
}
