// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.hidden;

import io.mows.alluxio.model.Paths;
import io.mows.alluxio.model.SeriesGaps;
import io.mows.alluxio.model.WeightFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What a download that was broken off has left out, as far as names and lengths say it. Pure. */
public final class UnfinishedDownloads {
  /** Why a shard is missing that nothing but the names of others speaks of. */
  public static final String GAP = "it is not there, and others of its series are";

  static final String REMEDY =
      ". Remedy: download it, put it into the origin and run 'alluxio fs loadMetadata -F' on its"
          + " directory";

  private UnfinishedDownloads() {}

  /**
   * @param lengths of all files below one directory, by their paths from there
   */
  static List<HiddenFile> of(Map<String, Long> lengths) {
    List<HiddenFile> found = new ArrayList<>();
    lengths.forEach(
        (path, bytes) -> {
          if (bytes == 0 && WeightFormat.of(Paths.name(path)).isPresent()) {
            found.add(HiddenFile.missing(path, "it is empty" + REMEDY));
          }
        });
    for (String path : SeriesGaps.of(lengths.keySet())) {
      found.add(HiddenFile.missing(path, GAP + REMEDY));
    }
    return found;
  }
}
