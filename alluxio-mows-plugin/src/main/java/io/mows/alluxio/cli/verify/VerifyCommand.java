// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.cli.verify;

import alluxio.AlluxioURI;
import alluxio.exception.status.InvalidArgumentException;
import io.mows.alluxio.cli.cluster.Cluster;
import io.mows.alluxio.cli.cluster.ClusterSource;
import io.mows.alluxio.cli.cluster.ModelStore;
import io.mows.alluxio.cli.cluster.ModelStore.StoredFile;
import io.mows.alluxio.cli.cluster.StoredManifests;
import io.mows.alluxio.cli.cluster.StoredSha256s;
import io.mows.alluxio.cli.cluster.StoredSha256s.Expected;
import io.mows.alluxio.cli.cluster.WorkerMetrics;
import io.mows.alluxio.cli.cluster.WrongFileReport;
import io.mows.alluxio.cli.output.ProgressLine;
import io.mows.alluxio.cli.report.Report;
import io.mows.alluxio.cli.report.ReportCommand;
import io.mows.alluxio.cli.verify.FileCrc32s.Outcome;
import io.mows.alluxio.cli.verify.FileVerdict.Status;
import io.mows.alluxio.conf.PathPrefixes;
import io.mows.alluxio.hidden.UnfinishedDownloads;
import io.mows.alluxio.manifest.Manifest;
import io.mows.alluxio.manifest.ManifestFinding;
import io.mows.alluxio.model.SeriesGaps;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.commons.cli.CommandLine;

/**
 * {@code alluxio fs mows verify}: reads files as any client would, from memory where they are, and
 * compares them with their manifests.
 */
public final class VerifyCommand extends ReportCommand {
  private static final String REPLACED = "was replaced at the origin";

  private final PrintStream progress;

  /**
   * @param progress where the bar is shown
   */
  public VerifyCommand(
      ClusterSource clusters, PrintStream out, PrintStream err, PrintStream progress) {
    super(clusters, out, err, 1);
    this.progress = progress;
  }

  @Override
  public String getCommandName() {
    return "verify";
  }

  @Override
  public String getUsage() {
    return "mows verify PATH [--json]";
  }

  @Override
  public String getDescription() {
    return "Reads the file PATH, or all files below it, and compares each with its manifest. Ends"
        + " with 1 if a file is not what its manifest says, is missing, cannot be read, or is no whole"
        + " file of weights although its name says so.";
  }

  @Override
  public void validateArgs(CommandLine line) throws InvalidArgumentException {
    super.validateArgs(line);
    if (line.getArgs().length != 1 || !path(line.getArgs()[0]).startsWith("/")) {
      throw new InvalidArgumentException("Name one absolute Alluxio path such as /models/llama");
    }
  }

  private static String path(String argument) {
    return new AlluxioURI(argument).getPath();
  }

  @Override
  protected Report report(Cluster cluster, List<String> arguments) {
    String path = path(arguments.get(0));
    try {
      return verify(cluster, path);
    } catch (IOException e) {
      return new VerifyReport(List.of(), List.of(), List.of(e.getMessage()));
    }
  }

  private Report verify(Cluster cluster, String path) throws IOException {
    ModelStore store = cluster.store();
    StoredManifests manifests = cluster.manifests();
    List<StoredFile> files = new ArrayList<>(store.list(path));
    files.removeIf(file -> manifests.isManifest(file.path()));
    long bytes = files.stream().mapToLong(StoredFile::lengthBytes).sum();
    ProgressLine bar = new ProgressLine(progress, bytes, System::nanoTime);
    Map<String, Expected> sha256s = sha256s(cluster, files);
    Map<StoredFile, Outcome> outcomes = FileCrc32s.read(store, files, sha256s.keySet(), bar);
    List<FileVerdict> verdicts = new ArrayList<>();
    for (Map.Entry<StoredFile, Outcome> entry : outcomes.entrySet()) {
      FileVerdict verdict = verdict(entry.getKey(), entry.getValue(), manifests);
      Expected sha256 = sha256s.get(entry.getKey().path());
      verdicts.add(sha256 == null ? verdict : withSha256(verdict, entry.getValue(), sha256));
    }
    List<WorkerMetrics> workers = cluster.metrics(cluster.workers());
    List<WrongFileReport> wrong = wrongFiles(workers);
    verdicts.replaceAll(verdict -> explain(verdict, wrong));
    verdicts.addAll(missing(path, files, manifests));
    verdicts.addAll(gaps(path, files, verdicts));
    verdicts.addAll(hidden(path, workers, verdicts));
    List<ManifestFinding> findings = new ArrayList<>();
    manifests.all().forEach(manifest -> findings.addAll(manifest.findings()));
    return new VerifyReport(verdicts, findings, List.of());
  }

  /** By path; what is not named is not hashed. */
  private static Map<String, Expected> sha256s(Cluster cluster, List<StoredFile> files)
      throws IOException {
    StoredSha256s stored = cluster.sha256s(files);
    Map<String, Expected> sha256s = new HashMap<>();
    for (StoredFile file : files) {
      stored.of(file.path()).ifPresent(expected -> sha256s.put(file.path(), expected));
    }
    return sha256s;
  }

  /** A SHA-256 says more than a CRC32, but nothing of a file that could not be read. */
  private static FileVerdict withSha256(FileVerdict verdict, Outcome outcome, Expected expected) {
    boolean isKnown =
        EnumSet.of(Status.PROVEN, Status.PIECES_ONLY, Status.NO_MANIFEST)
            .contains(verdict.status());
    if (!isKnown) {
      return verdict;
    }
    boolean isRight = outcome.sha256().equals(expected.sha256());
    return new FileVerdict(
        verdict.path(),
        isRight ? Status.PROVEN : Status.MISMATCH,
        verdict.where(),
        null,
        outcome.crc32(),
        isRight
            ? "SHA-256 as in " + expected.source()
            : "SHA-256 "
                + outcome.sha256()
                + ", "
                + expected.sha256()
                + " in "
                + expected.source());
  }

  private static List<WrongFileReport> wrongFiles(List<WorkerMetrics> workers) {
    List<WrongFileReport> wrong = new ArrayList<>();
    workers.forEach(worker -> wrong.addAll(worker.wrongFiles()));
    return wrong;
  }

  /** Shards that no manifest speaks of, only the names of the others. */
  private static List<FileVerdict> gaps(
      String path, List<StoredFile> files, List<FileVerdict> known) {
    PathPrefixes asked = new PathPrefixes(List.of(path));
    Set<String> paths = files.stream().map(StoredFile::path).collect(Collectors.toSet());
    Set<String> gaps = new TreeSet<>(SeriesGaps.of(paths));
    known.forEach(verdict -> gaps.remove(verdict.path()));
    return gaps.stream()
        .filter(asked::covers)
        .map(gap -> new FileVerdict(gap, Status.MISSING, "-", null, null, UnfinishedDownloads.GAP))
        .collect(Collectors.toList());
  }

  /**
   * What workers have found at the origin beside the files that were read, and Alluxio hides.
   *
   * @param known what has been said already
   */
  private static List<FileVerdict> hidden(
      String path, List<WorkerMetrics> workers, List<FileVerdict> known) {
    PathPrefixes asked = new PathPrefixes(List.of(path));
    Map<String, String> hidden = new TreeMap<>();
    workers.forEach(worker -> hidden.putAll(worker.hiddenFiles()));
    known.forEach(verdict -> hidden.remove(verdict.path()));
    List<FileVerdict> verdicts = new ArrayList<>();
    hidden.forEach(
        (file, reason) -> {
          if (asked.covers(file)) {
            verdicts.add(new FileVerdict(file, Status.HIDDEN, "-", null, null, reason));
          }
        });
    return verdicts;
  }

  private static FileVerdict verdict(StoredFile file, Outcome outcome, StoredManifests manifests)
      throws IOException {
    Optional<Manifest> manifest = manifests.of(file.path());
    OptionalInt expected =
        manifest.isEmpty()
            ? OptionalInt.empty()
            : manifest.get().crc32(manifests.relative(manifest.get(), file.path()));
    Integer crc = expected.isPresent() ? expected.getAsInt() : null;
    if (outcome.failure() != null) {
      Status status = outcome.failure().contains(REPLACED) ? Status.STALE : Status.UNREADABLE;
      return new FileVerdict(file.path(), status, file.where(), crc, null, outcome.failure());
    }
    Status status;
    if (manifest.isEmpty()) {
      status = Status.NO_MANIFEST;
    } else if (expected.isEmpty()) {
      status = Status.PIECES_ONLY;
    } else {
      status = expected.getAsInt() == outcome.crc32() ? Status.PROVEN : Status.MISMATCH;
    }
    if (!outcome.fault().isEmpty() && status != Status.MISMATCH) {
      status = Status.BROKEN;
    }
    return new FileVerdict(
        file.path(), status, file.where(), crc, outcome.crc32(), outcome.fault());
  }

  /** A file that a worker refuses because it is wrong is more than unreadable. */
  private static FileVerdict explain(FileVerdict verdict, List<WrongFileReport> wrong) {
    if (verdict.status() != Status.UNREADABLE) {
      return verdict;
    }
    return wrong.stream()
        .filter(file -> file.path().equals(verdict.path()))
        .findFirst()
        .map(
            file ->
                new FileVerdict(
                    verdict.path(),
                    Status.MISMATCH,
                    "refused by " + file.worker(),
                    Integer.parseUnsignedInt(file.expectedCrc32(), 16),
                    Integer.parseUnsignedInt(file.actualCrc32(), 16),
                    "two reads of the origin gave the same kind of bytes; nobody is given them"))
        .orElse(verdict);
  }

  /** What manifests name below {@code path} and is not there. */
  private static List<FileVerdict> missing(
      String path, List<StoredFile> files, StoredManifests manifests) throws IOException {
    manifests.of((path.equals("/") ? "" : path) + "/any");
    PathPrefixes asked = new PathPrefixes(List.of(path));
    List<FileVerdict> missing = new ArrayList<>();
    for (Manifest manifest : manifests.all()) {
      Set<String> there =
          files.stream()
              .map(StoredFile::path)
              .filter(file -> manifests.isBelow(manifest, file))
              .map(file -> manifests.relative(manifest, file))
              .collect(Collectors.toSet());
      Set<String> unnamed = manifest.unnamed(there);
      for (String entry : manifest.missing(there)) {
        String absolute = manifests.absolute(manifest, Manifest.path(entry));
        if (asked.covers(absolute) && !manifests.isManifest(absolute)) {
          missing.add(
              new FileVerdict(
                  absolute,
                  Status.MISSING,
                  "-",
                  manifest.crc32s().get(entry),
                  null,
                  manifest.whyMissing(entry, unnamed)));
        }
      }
    }
    return missing;
  }
}
