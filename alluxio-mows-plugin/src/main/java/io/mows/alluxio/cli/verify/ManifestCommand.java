// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.cli.verify;

import alluxio.AlluxioURI;
import alluxio.cli.Command;
import alluxio.cli.CommandUtils;
import alluxio.exception.status.InvalidArgumentException;
import io.mows.alluxio.cli.cluster.Cluster;
import io.mows.alluxio.cli.cluster.ClusterSource;
import io.mows.alluxio.cli.cluster.ModelStore;
import io.mows.alluxio.cli.cluster.ModelStore.StoredFile;
import io.mows.alluxio.cli.output.ProgressLine;
import io.mows.alluxio.cli.output.TerminalText;
import io.mows.alluxio.cli.verify.FileCrc32s.Outcome;
import io.mows.alluxio.manifest.Manifest;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Options;

/**
 * {@code alluxio fs mows manifest}: writes the manifest of a directory to a local file, because
 * what is accelerated is read-only.
 */
public final class ManifestCommand implements Command {
  private static final String OUTPUT = "o";
  private static final String STANDARD_OUTPUT = "-";

  private final ClusterSource clusters;
  private final PrintStream out;
  private final PrintStream err;

  public ManifestCommand(ClusterSource clusters, PrintStream out, PrintStream err) {
    this.clusters = clusters;
    // A manifest names files as they are called, whatever that is.
    this.out = out;
    this.err = new TerminalText(err);
  }

  @Override
  public String getCommandName() {
    return "manifest";
  }

  @Override
  public String getUsage() {
    return "mows manifest PATH [-o FILE|-]";
  }

  @Override
  public String getDescription() {
    return "Reads all files below the directory PATH and writes their CRC32s as a manifest to a"
        + " local FILE (crc32.txt if none is given) or to the standard output (-). Copy it into the"
        + " directory at the origin.";
  }

  @Override
  public Options getOptions() {
    return new Options().addOption(OUTPUT, true, "where to write it");
  }

  @Override
  public void validateArgs(CommandLine line) throws InvalidArgumentException {
    CommandUtils.checkNumOfArgsEquals(this, line, 1);
    if (!new AlluxioURI(line.getArgs()[0]).getPath().startsWith("/")) {
      throw new InvalidArgumentException("Name one absolute Alluxio path such as /models/llama");
    }
  }

  @Override
  public int run(CommandLine line) throws IOException {
    Cluster cluster = clusters.open();
    ModelStore store = cluster.store();
    String directory = new AlluxioURI(line.getArgs()[0]).getPath();
    if (store.find(directory).isPresent()) {
      err.println(directory + " is a file: name the directory of the model");
      return 1;
    }
    List<StoredFile> files = new ArrayList<>(store.list(directory));
    files.removeIf(file -> cluster.manifests().isManifest(file.path()));
    long bytes = files.stream().mapToLong(StoredFile::lengthBytes).sum();
    ProgressLine bar = new ProgressLine(err, bytes, System::nanoTime);
    Map<StoredFile, Outcome> outcomes = FileCrc32s.read(store, files, bar);
    List<String> lines = new ArrayList<>();
    int skip = directory.equals("/") ? 1 : directory.length() + 1;
    boolean failed = false;
    for (Map.Entry<StoredFile, Outcome> entry : outcomes.entrySet()) {
      String path = entry.getKey().path();
      if (entry.getValue().failure() != null) {
        err.println(path + " cannot be read: " + entry.getValue().failure());
        failed = true;
      } else if (path.indexOf('\n') >= 0 || path.endsWith("\r")) {
        err.println(
            "'"
                + path.replace("\n", "\\n").replace("\r", "\\r")
                + "' is left out: a manifest cannot name it, it has a line break in its name");
      } else {
        lines.add(Manifest.hex(entry.getValue().crc32()) + " " + path.substring(skip));
      }
    }
    if (failed) {
      err.println("No manifest was written.");
      return 1;
    }
    write(lines, line.getOptionValue(OUTPUT, cluster.manifestName()));
    return 0;
  }

  private void write(List<String> lines, String output) throws IOException {
    if (output.equals(STANDARD_OUTPUT)) {
      lines.forEach(out::println);
      return;
    }
    // A reader of the file sees the old one or all of the new one.
    Path file = Path.of(output).toAbsolutePath();
    Path fresh = Files.createTempFile(file.getParent(), "manifest", ".tmp");
    try {
      Files.write(fresh, lines);
      Files.move(fresh, file, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(fresh);
    }
    err.println(lines.size() + " files are named in " + file);
  }
}
