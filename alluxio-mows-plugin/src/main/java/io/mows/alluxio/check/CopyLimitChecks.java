// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.check;

import io.mows.p2p.fetch.FileSpec;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * Says of which files Alluxio allows a limited number of copies. Its ReplicationChecker counts
 * every block that a worker reports, also those that sharing has brought for readers, and once a
 * minute has those removed that are too many; they are fetched again, and removed again. Stateless.
 */
public final class CopyLimitChecks {
  private CopyLimitChecks() {}

  /**
   * One finding for all of them; none if there are none.
   *
   * @param limited files that have been used, and how many copies they may have
   */
  public static List<Finding> of(Map<FileSpec, Integer> limited) {
    return limited.keySet().stream()
        .min(Comparator.comparing(FileSpec::path))
        .map(first -> List.of(finding(first, limited.get(first), limited.size() - 1)))
        .orElse(List.of());
  }

  private static Finding finding(FileSpec file, int maxCopies, int more) {
    return Finding.problem(
        "limited copies",
        file.path()
            + (more > 0 ? " and " + more + " more" : "")
            + " may have "
            + maxCopies
            + " copies at most: Alluxio removes what workers share above that, again and again, and it"
            + " is fetched again",
        remedy(file.path()));
  }

  /** What lets workers share a file. */
  public static String remedy(String path) {
    return "alluxio fs setReplication --max -1 " + path + " (-R for a directory)";
  }
}
