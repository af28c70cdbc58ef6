// SPDX-License-Identifier: Apache-2.0
package io.mows.channel;

import io.mows.channel.security.ClusterTrust;
import io.mows.channel.security.TlsFiles;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;

/** How a {@link DataChannel} is set up. Immutable; {@link #builder} has every default. */
public final class ChannelSettings {
  /** The port peers listen on unless the operator chose another. */
  public static final int DEFAULT_PORT = 29991;

  /** No piece is longer: the largest {@code alluxio.mows.piece.size}. */
  public static final int MAX_PIECE_BYTES = 64 << 20;

  /** More connections with one peer are of no use to anybody. */
  public static final int MAX_CONNECTIONS_PER_PEER = 64;

  /** No message is longer. */
  public static final int MAX_MESSAGE_BYTES = 4 << 20;

  private final Builder values;

  private ChannelSettings(Builder values) {
    this.values = values;
  }

  /**
   * @param peerId what other workers know this one by, such as {@code host:port}; 1 to 255 bytes of
   *     UTF-8
   */
  public static Builder builder(String peerId) {
    return new Builder(peerId);
  }

  public String peerId() {
    return values.peerId;
  }

  public String bindHost() {
    return values.bindHost;
  }

  public int port() {
    return values.port;
  }

  /** Who is a peer, as far as that is known now. */
  public ClusterTrust trust() {
    return values.trust.get();
  }

  /** Empty: no TLS. */
  public Optional<TlsFiles> tls() {
    return Optional.ofNullable(values.tls);
  }

  public int ioThreads() {
    return values.ioThreads;
  }

  public int connectTimeoutMs() {
    return values.connectTimeoutMs;
  }

  /** From the TCP connection to the end of authentication, TLS included. */
  public int handshakeTimeoutMs() {
    return values.handshakeTimeoutMs;
  }

  /** A peer from which nothing came for so long, or that took nothing for so long, is gone. */
  public int idleTimeoutMs() {
    return values.idleTimeoutMs;
  }

  public int maxConnections() {
    return values.maxConnections;
  }

  /** Connections with one peer, for pieces side by side; 1 for one, whatever comes. */
  public int maxConnectionsPerPeer() {
    return values.maxConnectionsPerPeer;
  }

  /** Pieces that are being sent at once, to all peers together. */
  public int maxUploads() {
    return values.maxUploads;
  }

  /** Pieces that are being sent at once to one peer. */
  public int maxUploadsPerPeer() {
    return values.maxUploadsPerPeer;
  }

  /** Requests of one peer that may wait; more are refused as busy. */
  public int maxQueuedPerPeer() {
    return values.maxQueuedPerPeer;
  }

  /** An address of the RDMA device to use; empty for the first that there is. */
  public Optional<String> rdmaAddress() {
    return Optional.ofNullable(values.rdmaAddress);
  }

  /** What may be registered with the RDMA device, in all. */
  public long rdmaMemoryBytes() {
    return values.rdmaMemoryBytes;
  }

  /** What all peers together are sent at most; 0 for no limit. */
  public long uploadBytesPerSecond() {
    return values.uploadBytesPerSecond;
  }

  /** Collects settings and checks them. */
  public static final class Builder implements Cloneable {
    private final String peerId;
    private String bindHost = "0.0.0.0";
    private int port = DEFAULT_PORT;
    private Supplier<ClusterTrust> trust = ClusterTrust::insecure;
    private TlsFiles tls;
    private int ioThreads = Math.max(2, Math.min(8, Runtime.getRuntime().availableProcessors()));
    private int connectTimeoutMs = 3_000;
    private int handshakeTimeoutMs = 5_000;
    private int idleTimeoutMs = 30_000;
    private int maxConnections = 4_096;
    private int maxUploads = 64;
    private int maxConnectionsPerPeer = 8;
    private int maxUploadsPerPeer = 16;
    private int maxQueuedPerPeer = 256;
    private long uploadBytesPerSecond;
    private String rdmaAddress;
    private long rdmaMemoryBytes = 256L << 20;

    private Builder(String peerId) {
      this.peerId = peerId;
    }

    public Builder bind(String host, int newPort) {
      bindHost = host;
      port = newPort;
      return this;
    }

    /** Who is a peer; everybody who can reach the port if this is not called. */
    public Builder trust(ClusterTrust newTrust) {
      return trust(() -> newTrust);
    }

    /**
     * @param newTrust asked at each connection, any thread: it may not be known yet
     */
    public Builder trust(Supplier<ClusterTrust> newTrust) {
      trust = Objects.requireNonNull(newTrust);
      return this;
    }

    /**
     * @param files null for no TLS
     */
    public Builder tls(TlsFiles files) {
      tls = files;
      return this;
    }

    public Builder ioThreads(int count) {
      ioThreads = count;
      return this;
    }

    public Builder connectTimeoutMs(int timeoutMs) {
      connectTimeoutMs = timeoutMs;
      return this;
    }

    public Builder handshakeTimeoutMs(int timeoutMs) {
      handshakeTimeoutMs = timeoutMs;
      return this;
    }

    public Builder idleTimeoutMs(int timeoutMs) {
      idleTimeoutMs = timeoutMs;
      return this;
    }

    public Builder maxConnections(int count) {
      maxConnections = count;
      return this;
    }

    /**
     * @param count the first one included
     */
    public Builder maxConnectionsPerPeer(int count) {
      maxConnectionsPerPeer = count;
      return this;
    }

    /**
     * @param all at once to all peers
     * @param perPeer at once to one peer
     * @param queuedPerPeer waiting for one peer
     */
    public Builder uploads(int all, int perPeer, int queuedPerPeer) {
      maxUploads = all;
      maxUploadsPerPeer = perPeer;
      maxQueuedPerPeer = queuedPerPeer;
      return this;
    }

    public Builder uploadBytesPerSecond(long bytesPerSecond) {
      uploadBytesPerSecond = bytesPerSecond;
      return this;
    }

    /**
     * @param address null for the first RDMA device that there is
     * @param memoryBytes what may be registered with it, in all
     */
    public Builder rdma(String address, long memoryBytes) {
      rdmaAddress = address;
      rdmaMemoryBytes = memoryBytes;
      return this;
    }

    /**
     * @throws IllegalArgumentException if a value makes no sense
     */
    public ChannelSettings build() {
      int idBytes = peerId.getBytes(StandardCharsets.UTF_8).length;
      require(idBytes > 0 && idBytes <= 255, "a peer id has 1 to 255 bytes of UTF-8", peerId);
      require(port >= 0 && port <= 65_535, "alluxio.mows.data.port must be 0 to 65535", port);
      require(ioThreads > 0, "there must be an I/O thread", ioThreads);
      require(connectTimeoutMs > 0, "the connect timeout must be positive", connectTimeoutMs);
      require(handshakeTimeoutMs > 0, "the handshake timeout must be positive", handshakeTimeoutMs);
      require(idleTimeoutMs > 0, "the idle timeout must be positive", idleTimeoutMs);
      require(maxConnections > 0, "there must be a connection", maxConnections);
      require(
          maxConnectionsPerPeer > 0 && maxConnectionsPerPeer <= MAX_CONNECTIONS_PER_PEER,
          "alluxio.mows.data.connections must be 1 to " + MAX_CONNECTIONS_PER_PEER,
          maxConnectionsPerPeer);
      require(maxUploads > 0, "there must be an upload", maxUploads);
      require(maxUploadsPerPeer > 0, "there must be an upload per peer", maxUploadsPerPeer);
      require(maxQueuedPerPeer > 0, "there must be room for a request", maxQueuedPerPeer);
      require(rdmaMemoryBytes > 0, "there must be memory for RDMA", rdmaMemoryBytes);
      require(uploadBytesPerSecond >= 0, "a rate is not negative", uploadBytesPerSecond);
      return new ChannelSettings(clone());
    }

    private static void require(boolean condition, String rule, Object value) {
      if (!condition) {
        throw new IllegalArgumentException("Data channel: " + rule + ", not " + value);
      }
    }

    @Override
    protected Builder clone() {
      try {
        return (Builder) super.clone();
      } catch (CloneNotSupportedException e) {
        throw new AssertionError(e);
      }
    }
  }
}
