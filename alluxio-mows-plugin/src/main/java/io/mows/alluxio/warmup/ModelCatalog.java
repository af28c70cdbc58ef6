// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.warmup;

import alluxio.AlluxioURI;
import alluxio.ClientContext;
import alluxio.client.file.FileInStream;
import alluxio.client.file.FileSystem;
import alluxio.client.file.FileSystemContext;
import alluxio.client.file.URIStatus;
import alluxio.conf.AlluxioConfiguration;
import alluxio.exception.AlluxioException;
import alluxio.exception.status.NotFoundException;
import io.mows.alluxio.block.BrokenWeights;
import io.mows.alluxio.block.FileCatalog;
import io.mows.alluxio.conf.PathPrefixes;
import io.mows.alluxio.hidden.HiddenFile;
import io.mows.alluxio.hidden.HiddenFiles;
import io.mows.alluxio.master.FileTree;
import io.mows.alluxio.model.HubCache;
import io.mows.alluxio.model.ListedFile;
import io.mows.alluxio.model.ModelKnowledge;
import io.mows.alluxio.model.ModelPlan;
import io.mows.alluxio.model.ModelPlanner;
import io.mows.p2p.fetch.FileSpec;
import io.mows.p2p.locator.jobs.JobFile;
import io.mows.p2p.locator.jobs.JobReport.Failure;
import io.mows.p2p.warmup.WarmupFiles;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Alluxio's namespace for warm-up. Connects to the master when it is first asked. Thread-safe. */
public final class ModelCatalog implements WarmupFiles, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ModelCatalog.class);
  private static final int MAX_TEXT_BYTES = 64 << 20;

  private final AlluxioConfiguration conf;
  private final FileCatalog catalog;
  private final Predicate<String> accelerated;
  private final HiddenFiles hidden;
  private final BrokenWeights broken;
  private FileSystemContext context;
  private FileSystem fileSystem;

  /**
   * @param accelerated whether files of this path are
   */
  public ModelCatalog(
      AlluxioConfiguration conf,
      FileCatalog catalog,
      Predicate<String> accelerated,
      HiddenFiles hidden,
      BrokenWeights broken) {
    this.conf = conf;
    this.catalog = catalog;
    this.accelerated = accelerated;
    this.hidden = hidden;
    this.broken = broken;
  }

  @Override
  public FileSpec find(JobFile file) throws IOException {
    FileSpec spec;
    try {
      spec =
          catalog
              .ofFile(file.id())
              .orElseThrow(
                  () ->
                      new IOException(
                          file.path()
                              + " is not accelerated by this worker: see"
                              + " alluxio.mows.paths"));
    } catch (NotFoundException e) {
      throw new FileNotFoundException(
          file.path()
              + " is gone or was replaced since the warm-up was asked for: submit it again");
    }
    if (spec.layout().lengthBytes() != file.lengthBytes()
        || spec.layout().blockCount() != file.blockCount()) {
      throw new IOException(file.path() + " has changed: submit the warm-up again");
    }
    return spec;
  }

  @Override
  public List<JobFile> list(String path) throws IOException {
    return list(fileSystem(), path, accelerated, note -> LOG.debug("{}", note));
  }

  /**
   * What the engine needs to know of the files below a path, by path.
   *
   * @param wantedOnly only those that an engine would load
   */
  public List<FileSpec> specs(String path, boolean wantedOnly) throws IOException {
    List<FileSpec> specs = new ArrayList<>();
    for (JobFile file : wantedOnly ? listWanted(path) : list(path)) {
      catalog.ofFile(file.id()).ifPresent(specs::add);
    }
    return specs;
  }

  @Override
  public List<JobFile> listWanted(String model) throws IOException {
    List<JobFile> all = list(model);
    List<ListedFile> files = new ArrayList<>();
    all.forEach(file -> files.add(ListedFile.file(file.path(), file.lengthBytes())));
    ModelKnowledge knowledge = ModelKnowledge.ofAll(model, files);
    ModelPlan plan = ModelPlanner.plan(model, knowledge);
    while (!plan.toRead().isEmpty()) {
      for (String file : plan.toRead()) {
        knowledge = knowledge.withText(file, text(file));
      }
      plan = ModelPlanner.plan(model, knowledge);
    }
    Set<String> wanted = Set.copyOf(plan.files());
    all.removeIf(file -> !wanted.contains(file.path()));
    return all;
  }

  /** Nothing if it cannot be read: then names alone say what belongs together. */
  private String text(String path) {
    try (FileInStream in = fileSystem().openFile(new AlluxioURI(path))) {
      return new String(in.readNBytes(MAX_TEXT_BYTES), StandardCharsets.UTF_8);
    } catch (IOException | AlluxioException | RuntimeException e) {
      LOG.debug("{} cannot be read", path, e);
      return "";
    }
  }

  @Override
  public Optional<String> fault(FileSpec file) {
    return broken.fault(file);
  }

  @Override
  public List<Failure> hidden(String path) throws IOException {
    URIStatus status;
    try {
      status = fileSystem().getStatus(new AlluxioURI(path));
    } catch (AlluxioException e) {
      throw new IOException(e.getMessage(), e);
    }
    if (!status.isFolder() || status.getUfsPath().isEmpty()) {
      return List.of();
    }
    List<HiddenFile> found =
        hidden.below(status.getFileInfo().getMountId(), status.getUfsPath(), path);
    PathPrefixes elsewhere = found.isEmpty() ? new PathPrefixes(List.of()) : mountsBelow(path);
    return found.stream()
        .filter(file -> file.isMissing() && accelerated.test(file.path()))
        .filter(file -> !elsewhere.covers(file.path()))
        .map(file -> new Failure(file.path(), file.reason()))
        .collect(Collectors.toList());
  }

  /** Of what lies there this origin knows nothing. */
  private PathPrefixes mountsBelow(String path) throws IOException {
    PathPrefixes below = new PathPrefixes(List.of(path));
    try {
      return new PathPrefixes(
          fileSystem().getMountTable(false).keySet().stream()
              .filter(mount -> !mount.equals(path) && below.covers(mount))
              .collect(Collectors.toList()));
    } catch (AlluxioException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  /**
   * As {@link #list(String)}, for anybody with a client.
   *
   * @param notes told what is left out, in a sentence each
   */
  public static List<JobFile> list(
      FileSystem fileSystem, String path, Predicate<String> accelerated, Consumer<String> notes)
      throws IOException {
    List<URIStatus> found;
    try {
      found =
          FileTree.files(
              fileSystem,
              path,
              directory -> notes.accept(directory + " contains itself and is not followed"));
    } catch (AlluxioException e) {
      throw new IOException(e.getMessage(), e);
    }
    List<URIStatus> blobs =
        HubCache.shownBlobs(
            found, URIStatus::getPath, URIStatus::getLength, URIStatus::getLastModificationTimeMs);
    if (!blobs.isEmpty()) {
      notes.accept(
          "Left out: "
              + blobs.size()
              + " blobs of a Hugging Face cache, which its snapshots name (they would be in memory"
              + " twice)");
      found.removeAll(new HashSet<>(blobs));
    }
    List<JobFile> files = new ArrayList<>();
    for (URIStatus status : found) {
      if (!status.isFolder()
          && status.isCompleted()
          && status.isPersisted()
          && status.getLength() > 0
          && accelerated.test(status.getPath())) {
        files.add(
            new JobFile(
                status.getFileId(),
                status.getPath(),
                status.getLength(),
                status.getBlockSizeBytes()));
      }
    }
    files.sort(Comparator.comparing(JobFile::path));
    return files;
  }

  private synchronized FileSystem fileSystem() {
    if (fileSystem == null) {
      context = FileSystemContext.create(ClientContext.create(conf));
      fileSystem = FileSystem.Factory.create(context);
    }
    return fileSystem;
  }

  @Override
  public synchronized void close() throws IOException {
    if (fileSystem != null) {
      fileSystem.close();
      context.close();
      fileSystem = null;
    }
  }
}
