// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.cli.warmup;

import alluxio.exception.status.InvalidArgumentException;
import alluxio.util.FormatUtils;
import io.mows.alluxio.model.ListedFile;
import io.mows.alluxio.model.ModelSelection;
import io.mows.p2p.locator.jobs.JobFile;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.commons.cli.CommandLine;

/** The files that a warm-up is for: all below its paths, or those that {@code --only} names. */
final class WarmupFileChoice {
  static final String OPTION = "only";

  /** Of those that are left out. */
  private static final int MAX_LINES = 20;

  private static final int MAX_PATHS = 5;

  private final List<String> paths = new ArrayList<>();
  private final Map<Long, JobFile> files = new LinkedHashMap<>();
  private final Map<Long, JobFile> leftOut = new LinkedHashMap<>();
  private final Optional<String> only;

  private WarmupFileChoice(Optional<String> only) {
    this.only = only;
  }

  /** Says what is wrong with {@code --only}. */
  static void validate(CommandLine line) throws InvalidArgumentException {
    try {
      if (line.hasOption(OPTION)) {
        ModelSelection.parse(line.getOptionValue(OPTION));
      }
    } catch (IllegalArgumentException e) {
      throw new InvalidArgumentException("--only " + e.getMessage());
    }
  }

  /**
   * @param paths absolute
   * @throws IOException if they cannot be listed, or nothing is left of one
   */
  static WarmupFileChoice of(CommandLine line, List<String> paths, WarmupCluster cluster)
      throws IOException {
    WarmupFileChoice choice =
        new WarmupFileChoice(Optional.ofNullable(line.getOptionValue(OPTION)));
    for (String path : paths) {
      choice.add(path, cluster.list(path));
    }
    choice.files.keySet().forEach(choice.leftOut::remove);
    return choice;
  }

  private void add(String path, List<JobFile> listed) throws IOException {
    if (only.isEmpty()) {
      paths.add(path);
      listed.forEach(file -> files.put(file.id(), file));
      return;
    }
    List<ListedFile> all =
        listed.stream()
            .map(file -> ListedFile.file(file.path(), file.lengthBytes()))
            .collect(Collectors.toList());
    List<String> kept =
        ModelSelection.parse(only.get()).of(path, all).stream()
            .map(ListedFile::path)
            .collect(Collectors.toList());
    if (kept.isEmpty()) {
      throw new IOException(
          "--only "
              + only.get()
              + " leaves nothing of "
              + path
              + ", which has "
              + listed.stream()
                  .limit(MAX_LINES)
                  .map(JobFile::path)
                  .collect(Collectors.joining(", ", "", listed.size() > MAX_LINES ? ", ..." : ""))
              + ": name one of these, or leave --only out");
    }
    paths.addAll(kept);
    listed.forEach(file -> (kept.contains(file.path()) ? files : leftOut).put(file.id(), file));
  }

  /** The paths of a job, for people. */
  static String toText(List<String> paths) {
    return paths.size() <= MAX_PATHS
        ? String.join(" ", paths)
        : String.join(" ", paths.subList(0, MAX_PATHS))
            + " and "
            + (paths.size() - MAX_PATHS)
            + " more";
  }

  /** What the job is for: with {@code --only} another job than without, or with another one. */
  List<String> paths() {
    return paths;
  }

  List<JobFile> files() {
    return new ArrayList<>(files.values());
  }

  /** Nothing if nothing is left out. */
  void printLeftOut(PrintStream out) {
    if (leftOut.isEmpty()) {
      return;
    }
    long bytes = leftOut.values().stream().mapToLong(JobFile::lengthBytes).sum();
    out.println(
        "Left out: "
            + leftOut.size()
            + " files, "
            + FormatUtils.getSizeFromBytes(bytes)
            + " (--only "
            + only.orElse("")
            + ")");
    leftOut.values().stream()
        .limit(MAX_LINES)
        .forEach(
            file ->
                out.println(
                    "  " + file.path() + " " + FormatUtils.getSizeFromBytes(file.lengthBytes())));
    if (leftOut.size() > MAX_LINES) {
      out.println("  and " + (leftOut.size() - MAX_LINES) + " more");
    }
  }
}
