// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.check;

import alluxio.conf.PropertyKey;
import io.mows.alluxio.hidden.HiddenFile;
import io.mows.p2p.fetch.FileSpec;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** Says what is at the origin and not in Alluxio's listings. Stateless. */
public final class HiddenChecks {
  private static final String SUBJECT = "names at the origin";
  private static final int MAX_FINDINGS = 10;

  private HiddenChecks() {}

  /**
   * @param hidden beside {@code files}
   * @param files that have been used
   * @param skipsBrokenLinks whether {@code alluxio.underfs.local.skip.broken.symlinks} is set
   */
  public static List<Finding> of(
      List<HiddenFile> hidden, Collection<FileSpec> files, boolean skipsBrokenLinks) {
    List<Finding> findings = new ArrayList<>();
    for (HiddenFile file : hidden) {
      if (findings.size() == MAX_FINDINGS) {
        findings.add(
            Finding.note(
                SUBJECT,
                (hidden.size() - MAX_FINDINGS) + " more",
                "alluxio fs mows verify PATH names them"));
        break;
      }
      findings.add(
          file.isMissing()
              ? Finding.problem(SUBJECT, file.path(), file.reason())
              : Finding.note(SUBJECT, file.path(), file.reason()));
    }
    boolean isLocal = files.stream().anyMatch(file -> file.origin().path().startsWith("/"));
    if (isLocal && !skipsBrokenLinks) {
      findings.add(
          Finding.note(
              "links at the origin",
              "one link to nothing, or one name that is not UTF-8, makes the listing of its"
                  + " directory empty, without an error",
              PropertyKey.UNDERFS_LOCAL_SKIP_BROKEN_SYMLINKS.getName()
                  + "=true on masters and workers"));
    }
    return findings;
  }
}
