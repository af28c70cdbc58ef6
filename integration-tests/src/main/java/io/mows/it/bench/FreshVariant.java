// SPDX-License-Identifier: Apache-2.0
package io.mows.it.bench;

import io.mows.it.cluster.WorkerNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.commons.cli.ParseException;

/** How the workers' JVMs are started, beside the options for their memory. */
enum FreshVariant {
  /** No option of ours: as an installation starts them. */
  INSTALLED("installed", false, false),
  /** With an archive of the worker's classes. */
  ARCHIVE("archive", true, false),
  /** Without the second compiler. */
  FIRST_COMPILER("first-compiler", false, true),
  /** Both. */
  BOTH("both", true, true),
  /** As the command line says. */
  GIVEN("given", false, false);

  private final String flag;
  private final boolean hasArchive;
  private final boolean hasFirstCompilerOnly;

  FreshVariant(String flag, boolean hasArchive, boolean hasFirstCompilerOnly) {
    this.flag = flag;
    this.hasArchive = hasArchive;
    this.hasFirstCompilerOnly = hasFirstCompilerOnly;
  }

  /**
   * The variant of a name, or all.
   *
   * @param option that names it, for who reads the message
   * @param hasGiven whether {@link #GIVEN} is one of all
   * @throws ParseException if there is none of that name
   */
  static Set<FreshVariant> named(String option, String name, boolean hasGiven)
      throws ParseException {
    EnumSet<FreshVariant> all = EnumSet.allOf(FreshVariant.class);
    if (!hasGiven) {
      all.remove(GIVEN);
    }
    if (name.equals("all")) {
      return all;
    }
    Set<FreshVariant> found =
        all.stream().filter(variant -> variant.flag.equals(name)).collect(Collectors.toSet());
    if (found.isEmpty()) {
      throw new ParseException(
          "--"
              + option
              + " "
              + name
              + " is none of "
              + Arrays.stream(values()).map(FreshVariant::flag).collect(Collectors.joining(", "))
              + " (given: with --java-options)");
    }
    return found;
  }

  /** The variant's name on the command line and in tables. */
  String flag() {
    return flag;
  }

  boolean hasArchive() {
    return hasArchive;
  }

  /**
   * What the command line of such a worker has beside the options for its memory.
   *
   * @param given of {@link #GIVEN}
   */
  List<String> javaOptions(WorkerNode worker, WorkerArchive archive, List<String> given)
      throws IOException {
    List<String> java = new ArrayList<>();
    if (this == GIVEN) {
      java.addAll(given);
    }
    if (hasArchive) {
      java.addAll(archive.options(worker));
    }
    if (hasFirstCompilerOnly) {
      java.add("-XX:TieredStopAtLevel=1");
    }
    return java;
  }
}
