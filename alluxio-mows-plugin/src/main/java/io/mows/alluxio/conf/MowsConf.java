// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.conf;

import alluxio.conf.AlluxioConfiguration;
import alluxio.conf.PropertyKey;
import io.mows.channel.ChannelChoice;
import io.mows.p2p.fetch.VerifyMode;
import io.mows.p2p.locator.PeerRole;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the operator asked for, checked. Immutable. */
public final class MowsConf {
  private static final int MIN_PIECE_BYTES = 1 << 20;
  private static final int MAX_PIECE_BYTES = 64 << 20;
  private static final int MAX_STREAMS = 1024;
  private static final long MAX_PATIENCE_MS = TimeUnit.HOURS.toMillis(24);

  private static final int MAX_GROUP_BYTES = 256;

  /** A reference to another property. */
  private static final Pattern REFERENCE = Pattern.compile("\\$\\{([^{}]+)}");

  private final boolean enabled;
  private final PathPrefixes paths;
  private final int pieceBytes;
  private final int originStreams;
  private final long originPatienceMs;
  private final String group;
  private final PeerRole role;
  private final List<String> preload;
  private final boolean prefetchIdle;
  private final LocatorConf locator;
  private final ChannelConf channel;
  private final VerifyMode verify;
  private final boolean fusePassthrough;
  private final long fuseOpenWaitMs;
  private final boolean fusePermissions;
  private final String manifestName;
  private final boolean webEnabled;
  private final SecurityConf security;

  private MowsConf(boolean enabled, ValueParser parser) {
    this.enabled = enabled;
    this.paths = parser.paths(MowsKey.PATHS);
    this.pieceBytes = parser.powerOfTwoBytes(MowsKey.PIECE_SIZE, MIN_PIECE_BYTES, MAX_PIECE_BYTES);
    this.originStreams = parser.integer(MowsKey.ORIGIN_STREAMS, 1, MAX_STREAMS);
    this.originPatienceMs = parser.timeMs(MowsKey.ORIGIN_PATIENCE, MAX_PATIENCE_MS);
    this.group = parser.name(MowsKey.GROUP, MAX_GROUP_BYTES, "llama-prod");
    this.role = parser.choice(MowsKey.ROLE, PeerRole.INSTANCE, PeerRole.WARMUP);
    this.preload = parser.pathsBelow(MowsKey.PRELOAD, paths);
    this.prefetchIdle = parser.bool(MowsKey.PREFETCH_IDLE);
    this.locator = LocatorConf.parse(parser);
    this.channel = ChannelConf.parse(parser);
    this.verify =
        parser.choice(MowsKey.VERIFY, VerifyMode.PIECE, VerifyMode.STRICT, VerifyMode.OFF);
    this.fusePassthrough = parser.bool(MowsKey.FUSE_PASSTHROUGH);
    this.fuseOpenWaitMs = parser.timeMs(MowsKey.FUSE_OPEN_WAIT, MAX_PATIENCE_MS);
    this.fusePermissions = parser.bool(MowsKey.FUSE_PERMISSIONS);
    this.manifestName = parser.fileName(MowsKey.MANIFEST_NAME, "crc32.txt");
    this.webEnabled = parser.bool(MowsKey.WEB_ENABLED);
    this.security = SecurityConf.parse(parser);
    if (channel.choice() == ChannelChoice.RDMA && security.tls().isPresent()) {
      parser.mistake(
          MowsKey.CHANNEL,
          "RDMA does not encrypt; set it to auto or tcp, or "
              + MowsKey.TLS_ENABLED.key()
              + "=false");
    }
  }

  /**
   * Reads and checks all our properties, and the files that they name.
   *
   * @throws MowsConfException that names every mistake, not just the first; never if MoWS is off
   */
  public static MowsConf read(AlluxioConfiguration conf) {
    return parse(
        key -> {
          PropertyKey property = PropertyKey.getOrBuildCustom(key.key());
          return conf.isSet(property) ? String.valueOf(conf.get(property)) : null;
        },
        name -> String.valueOf(conf.get(PropertyKey.fromString(name))));
  }

  /** As {@link #read}, from a map of the keys that are set. */
  static MowsConf of(Map<String, String> values) {
    return parse(key -> values.get(key.key()), name -> values.getOrDefault(name, "/" + name));
  }

  /**
   * @param values what is set, or null
   * @param references values of the properties that defaults refer to
   */
  private static MowsConf parse(
      Function<MowsKey, String> values, UnaryOperator<String> references) {
    Function<MowsKey, String> defaults =
        key ->
            REFERENCE
                .matcher(key.defaultValue())
                .replaceAll(found -> Matcher.quoteReplacement(references.apply(found.group(1))));
    Function<MowsKey, String> all =
        key -> Optional.ofNullable(values.apply(key)).orElseGet(() -> defaults.apply(key));
    List<String> mistakes = new ArrayList<>();
    boolean enabled = new ValueParser(all, mistakes).bool(MowsKey.ENABLED);
    // Off is off: a mistake in what is not used must not keep the stock worker from starting.
    boolean off = !enabled && mistakes.isEmpty();
    MowsConf conf = new MowsConf(enabled, new ValueParser(off ? defaults : all, mistakes));
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

  /** Whether a file with this path is: manifests are not, they come from the origin always. */
  public boolean accelerates(String path) {
    return paths.covers(path) && !ManifestName.isOf(path, manifestName);
  }

  public int pieceBytes() {
    return pieceBytes;
  }

  /** How many reads of the origin may run at once. */
  public int originStreams() {
    return originStreams;
  }

  /** How long readers wait for an origin that is away or denies. */
  public long originPatienceMs() {
    return originPatienceMs;
  }

  /** The service that this worker belongs to: peers of one group share first. */
  public String group() {
    return group;
  }

  public PeerRole role() {
    return role;
  }

  /** What is loaded when the worker starts; nothing if empty. */
  public List<String> preload() {
    return preload;
  }

  /** Whether free memory is filled with what the group uses while nobody reads. */
  public boolean prefetchIdle() {
    return prefetchIdle;
  }

  public LocatorConf locator() {
    return locator;
  }

  public ChannelConf channel() {
    return channel;
  }

  /** When bytes are shown to readers. */
  public VerifyMode verify() {
    return verify;
  }

  /** Whether the kernel reads files that are whole in memory by itself, where it can. */
  public boolean fusePassthrough() {
    return fusePassthrough;
  }

  /** How long an open waits at most for a file that will soon be whole in memory. */
  public long fuseOpenWaitMs() {
    return fuseOpenWaitMs;
  }

  /** Whether other users who are let into the mount read only what modes and owners allow. */
  public boolean fusePermissions() {
    return fusePermissions;
  }

  /** What a manifest is called in the directory that it is about. */
  public String manifestName() {
    return manifestName;
  }

  /** Whether the page and its JSON are on the worker's web port. */
  public boolean webEnabled() {
    return webEnabled;
  }

  public SecurityConf security() {
    return security;
  }
}
