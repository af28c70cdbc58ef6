// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.model;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The layout of Hugging Face's cache: {@code blobs/HASH} are the files, {@code snapshots/REF/NAME}
 * are links to them. On a NAS Alluxio follows the links and takes each for a file of its own;
 * whoever loads all of it has every model twice. Readers go by snapshots. Pure.
 */
public final class HubCache {
  private static final Pattern FILE =
      Pattern.compile("(.*/)(?:(blobs)/[^/]+|snapshots/[^/]+/.+)", Pattern.DOTALL);

  private HubCache() {}

  /** The blobs that a snapshot beside them shows: same length, same time. */
  public static <T> List<T> shownBlobs(
      List<T> files,
      Function<T, String> path,
      ToLongFunction<T> lengthBytes,
      ToLongFunction<T> modifiedMs) {
    Set<String> shown = new HashSet<>();
    for (T file : files) {
      Matcher matcher = FILE.matcher(path.apply(file));
      if (matcher.matches() && matcher.group(2) == null) {
        shown.add(key(matcher.group(1), file, lengthBytes, modifiedMs));
      }
    }
    return files.stream()
        .filter(
            file -> {
              Matcher matcher = FILE.matcher(path.apply(file));
              return matcher.matches()
                  && matcher.group(2) != null
                  && shown.contains(key(matcher.group(1), file, lengthBytes, modifiedMs));
            })
        .collect(Collectors.toList());
  }

  private static <T> String key(
      String model, T file, ToLongFunction<T> lengthBytes, ToLongFunction<T> modifiedMs) {
    return lengthBytes.applyAsLong(file) + " " + modifiedMs.applyAsLong(file) + " " + model;
  }
}
