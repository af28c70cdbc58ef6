// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.locator.state;

import io.mows.p2p.locator.FileInfo;
import io.mows.p2p.locator.PeerInfo;
import io.mows.p2p.locator.wire.WireException;
import io.mows.p2p.locator.wire.WireReader;
import io.mows.p2p.locator.wire.WireWriter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Which models the groups read: a score for each that grows with every opening and halves in
 * {@value #HALF_LIFE_MS} ms, so that what was used often or lately counts. Whole numbers only, so
 * all members of the locator have the same. Immutable.
 */
final class ModelUses {
  static final ModelUses EMPTY = new ModelUses(PersistentMap.empty());
  static final long HALF_LIFE_MS = 6 * 3_600_000L;
  static final int MAX_MODELS = 10_000;

  private static final long ONE_OPENING = 1_000;
  private static final long MAX_SCORE = 1L << 40;
  private static final String SEPARATOR = "\n";

  private final PersistentMap<String, Use> byGroupAndPath;

  private ModelUses(PersistentMap<String, Use> byGroupAndPath) {
    this.byGroupAndPath = byGroupAndPath;
  }

  /** A worker of {@code group} has opened {@code path}. */
  ModelUses with(String group, String path, int openings, long clockMs) {
    String key = group + SEPARATOR + path;
    Use known = byGroupAndPath.get(key);
    if (known == null && byGroupAndPath.size() >= MAX_MODELS) {
      return withoutLeast(clockMs).with(group, path, openings, clockMs);
    }
    long score = (known == null ? 0 : known.scoreAt(clockMs)) + openings * ONE_OPENING;
    Use fresh = new Use(group, path, Math.min(score, MAX_SCORE), clockMs);
    return new ModelUses(byGroupAndPath.with(key, fresh));
  }

  private ModelUses withoutLeast(long clockMs) {
    List<Use> all = new ArrayList<>();
    byGroupAndPath.forEach((key, use) -> all.add(use));
    Use least = all.stream().min(order(clockMs)).orElseThrow();
    return new ModelUses(byGroupAndPath.without(least.group + SEPARATOR + least.path));
  }

  /** Without {@code path} and what lies below it, for all groups. */
  ModelUses withoutBelow(String path) {
    String below = path.endsWith("/") ? path : path + "/";
    List<String> gone = new ArrayList<>();
    byGroupAndPath.forEach(
        (key, use) -> {
          if (use.path.equals(path) || use.path.startsWith(below)) {
            gone.add(key);
          }
        });
    PersistentMap<String, Use> rest = byGroupAndPath;
    for (String key : gone) {
      rest = rest.without(key);
    }
    return new ModelUses(rest);
  }

  private static Comparator<Use> order(long clockMs) {
    return Comparator.comparingLong((Use use) -> use.scoreAt(clockMs))
        .thenComparingLong(use -> use.lastMs)
        .thenComparing(use -> use.group)
        .thenComparing(use -> use.path);
  }

  /** The paths that {@code group} uses most, first the most used. */
  List<String> most(String group, int count, long clockMs) {
    List<Use> uses = new ArrayList<>();
    byGroupAndPath.forEach(
        (key, use) -> {
          if (use.group.equals(group) && use.scoreAt(clockMs) > 0) {
            uses.add(use);
          }
        });
    uses.sort(order(clockMs).reversed());
    List<String> paths = new ArrayList<>();
    uses.stream().limit(count).forEach(use -> paths.add(use.path));
    return paths;
  }

  void write(WireWriter out) {
    List<String> keys = new ArrayList<>();
    byGroupAndPath.forEach((key, use) -> keys.add(key));
    keys.sort(null);
    out.putNumber(keys.size());
    for (String key : keys) {
      Use use = byGroupAndPath.get(key);
      out.putText(use.group).putText(use.path).putNumber(use.score).putNumber(use.lastMs);
    }
  }

  static ModelUses read(WireReader in) throws WireException {
    PersistentMap<String, Use> uses = PersistentMap.empty();
    int count = in.readCount(MAX_MODELS, "models");
    for (int i = 0; i < count; i++) {
      Use use =
          new Use(
              in.readText(PeerInfo.MAX_GROUP_BYTES, "a group"),
              in.readText(FileInfo.MAX_PATH_BYTES, "a path"),
              in.readNumber(MAX_SCORE, "a score"),
              in.readNumber(Long.MAX_VALUE, "a time"));
      uses = uses.with(use.group + SEPARATOR + use.path, use);
    }
    return new ModelUses(uses);
  }

  private static final class Use {
    final String group;
    final String path;
    final long score;
    final long lastMs;

    Use(String group, String path, long score, long lastMs) {
      this.group = group;
      this.path = path;
      this.score = score;
      this.lastMs = lastMs;
    }

    /** Halves at whole half-lives and falls in a straight line between them. */
    long scoreAt(long clockMs) {
      long passedMs = Math.max(0, clockMs - lastMs);
      long halvings = passedMs / HALF_LIFE_MS;
      if (halvings > 62) {
        return 0;
      }
      long halved = score >> halvings;
      return halved - halved * (passedMs % HALF_LIFE_MS) / (2 * HALF_LIFE_MS);
    }
  }
}
