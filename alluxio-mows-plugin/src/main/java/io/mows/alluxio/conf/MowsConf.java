// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.conf;

import alluxio.conf.AlluxioConfiguration;
import alluxio.conf.PropertyKey;
import com.google.common.base.Splitter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/** What the operator asked for, checked. Immutable. */
public final class MowsConf {
  private static final int MIN_PIECE_BYTES = 1 << 20;
  private static final int MAX_PIECE_BYTES = 64 << 20;
  private static final int MAX_STREAMS = 1024;

  private final boolean enabled;
  private final PathPrefixes paths;
  private final int pieceBytes;
  private final int originStreams;

  private MowsConf(boolean enabled, PathPrefixes paths, int pieceBytes, int originStreams) {
    this.enabled = enabled;
    this.paths = paths;
    this.pieceBytes = pieceBytes;
    this.originStreams = originStreams;
  }

  /**
   * Reads and checks all our properties.
   *
   * @throws MowsConfException that names every mistake, not just the first; never if MoWS is off
   */
  public static MowsConf read(AlluxioConfiguration conf) {
    return parse(
        key -> {
          PropertyKey property = PropertyKey.getOrBuildCustom(key.key());
          return conf.isSet(property) ? String.valueOf(conf.get(property)) : key.defaultValue();
        });
  }

  /** As {@link #read}, from a map of the keys that are set. */
  static MowsConf of(Map<String, String> values) {
    return parse(key -> values.getOrDefault(key.key(), key.defaultValue()));
  }

  private static MowsConf parse(Function<MowsKey, String> values) {
    List<String> mistakes = new ArrayList<>();
    boolean enabled = new ValueParser(values, mistakes).bool(MowsKey.ENABLED);
    // Off is off: a mistake in what is not used must not keep the stock worker from starting.
    boolean off = !enabled && mistakes.isEmpty();
    ValueParser parser = new ValueParser(off ? MowsKey::defaultValue : values, mistakes);
    MowsConf conf =
        new MowsConf(
            enabled,
            parser.paths(MowsKey.PATHS),
            parser.powerOfTwoBytes(MowsKey.PIECE_SIZE, MIN_PIECE_BYTES, MAX_PIECE_BYTES),
            parser.integer(MowsKey.ORIGIN_STREAMS, 1, MAX_STREAMS));
    if (!mistakes.isEmpty()) {
      throw new MowsConfException(mistakes);
    }
    return conf;
  }

  /** Keys that start like ours but are not: most likely misspelt. */
  public static Set<String> unknownKeys(AlluxioConfiguration conf) {
    Set<String> unknown = new TreeSet<>();
    for (PropertyKey key : conf.keySet()) {
      if (key.getName().startsWith(MowsKey.PREFIX) && conf.isSet(key)) {
        unknown.add(key.getName());
      }
    }
    for (MowsKey known : MowsKey.values()) {
      unknown.remove(known.key());
    }
    return unknown;
  }

  public boolean enabled() {
    return enabled;
  }

  /** The Alluxio paths that are accelerated. */
  public PathPrefixes paths() {
    return paths;
  }

  public int pieceBytes() {
    return pieceBytes;
  }

  /** How many reads of the origin may run at once. */
  public int originStreams() {
    return originStreams;
  }

  static List<String> list(String value) {
    return Splitter.on(',').trimResults().omitEmptyStrings().splitToList(value);
  }
}
