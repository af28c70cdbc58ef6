// SPDX-License-Identifier: Apache-2.0
package io.mows.it.origin;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;

/** What the origin served since its counters were last reset. Immutable. */
public final class OriginStats {
  private final long bytesSent;
  private final Map<RequestKind, Long> requests;
  private final long faultsInjected;
  private final int openConnections;
  private final int peakConnections;
  private final SortedMap<String, ObjectStats> objects;

  @JsonCreator
  OriginStats(
      @JsonProperty("bytesSent") long bytesSent,
      @JsonProperty("requests") Map<RequestKind, Long> requests,
      @JsonProperty("faultsInjected") long faultsInjected,
      @JsonProperty("openConnections") int openConnections,
      @JsonProperty("peakConnections") int peakConnections,
      @JsonProperty("objects") Map<String, ObjectStats> objects) {
    this.bytesSent = bytesSent;
    this.requests = Collections.unmodifiableMap(new EnumMap<>(requests));
    this.faultsInjected = faultsInjected;
    this.openConnections = openConnections;
    this.peakConnections = peakConnections;
    this.objects = Collections.unmodifiableSortedMap(new TreeMap<>(objects));
  }

  /**
   * Bytes of objects handed to the network; listings and error bodies are not counted. Of a
   * transfer that the client broke off, the last chunk (at most 256 KiB) counts as a whole.
   */
  @JsonProperty
  public long bytesSent() {
    return bytesSent;
  }

  /**
   * Requests that carried a valid signature, by kind, those that were answered with a fault too.
   */
  @JsonProperty
  public Map<RequestKind, Long> requests() {
    return requests;
  }

  @JsonProperty
  public long faultsInjected() {
    return faultsInjected;
  }

  @JsonProperty
  public int openConnections() {
    return openConnections;
  }

  /** Most connections open at once since the last reset. */
  @JsonProperty
  public int peakConnections() {
    return peakConnections;
  }

  /** By object key; buckets are not told apart. */
  @JsonProperty
  public SortedMap<String, ObjectStats> objects() {
    return objects;
  }

  /** Bytes sent of the objects whose keys are {@code wanted}. */
  public long bytesSent(Predicate<String> wanted) {
    return objects.entrySet().stream()
        .filter(object -> wanted.test(object.getKey()))
        .mapToLong(object -> object.getValue().bytesSent())
        .sum();
  }

  /** The counters of {@code key}; zeros if nobody asked for it. */
  public ObjectStats object(String key) {
    return objects.getOrDefault(key, new ObjectStats(0, 0, 0));
  }

  /** Requests of one kind. */
  public long requests(RequestKind kind) {
    return requests.getOrDefault(kind, 0L);
  }

  /** What was served of one object. Immutable. */
  public static final class ObjectStats {
    private final long bytesSent;
    private final long gets;
    private final long heads;

    @JsonCreator
    ObjectStats(
        @JsonProperty("bytesSent") long bytesSent,
        @JsonProperty("gets") long gets,
        @JsonProperty("heads") long heads) {
      this.bytesSent = bytesSent;
      this.gets = gets;
      this.heads = heads;
    }

    @JsonProperty
    public long bytesSent() {
      return bytesSent;
    }

    @JsonProperty("gets")
    public long gets() {
      return gets;
    }

    @JsonProperty
    public long heads() {
      return heads;
    }
  }
}
