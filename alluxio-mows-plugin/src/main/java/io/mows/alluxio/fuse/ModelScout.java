// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.fuse;

import alluxio.AlluxioURI;
import alluxio.client.file.FileSystem;
import alluxio.client.file.URIStatus;
import alluxio.exception.AlluxioException;
import io.mows.alluxio.block.FileCatalog;
import io.mows.alluxio.model.ListedFile;
import io.mows.alluxio.model.ModelKnowledge;
import io.mows.alluxio.model.ModelPlan;
import io.mows.alluxio.model.ModelPlanner;
import io.mows.p2p.fetch.FileSpec;
import io.mows.p2p.fetch.engine.FetchEngine;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds out what a plan wants to know of one model: lists directories and reads indexes. Waits for
 * the master and the origin. Thread-safe: one who asks waits for the other.
 */
final class ModelScout {
  private static final Logger LOG = LoggerFactory.getLogger(ModelScout.class);

  /** More than the largest index has. */
  private static final long MAX_TEXT_BYTES = 64L << 20;

  private static final int MAX_QUESTIONS = 200;

  /** No model has as many; data may have millions. */
  private static final int MAX_ENTRIES = 10_000;

  private final FileSystem fileSystem;
  private final FileCatalog catalog;
  private final FetchEngine engine;
  private final String root;
  private final Map<String, FileSpec> specs = new HashMap<>();
  private ModelKnowledge knowledge = ModelKnowledge.none();

  /**
   * @param root an Alluxio path
   */
  ModelScout(FileSystem fileSystem, FileCatalog catalog, FetchEngine engine, String root) {
    this.fileSystem = fileSystem;
    this.catalog = catalog;
    this.engine = engine;
    this.root = root;
  }

  /** As {@link ModelPlanner#plan}, asking whatever has to be asked. */
  synchronized Found find(String opened) {
    ModelPlan plan = ModelPlanner.plan(root, opened, knowledge);
    for (int asked = 0; !plan.isComplete() && asked < MAX_QUESTIONS; asked++) {
      plan.toList().forEach(this::list);
      plan.toRead().forEach(this::read);
      plan = ModelPlanner.plan(root, opened, knowledge);
    }
    List<FileSpec> files = new ArrayList<>();
    for (String path : plan.files()) {
      if (specs.containsKey(path)) {
        files.add(specs.get(path));
      }
    }
    return new Found(files, plan.isOfModel());
  }

  private void list(String directory) {
    List<ListedFile> listing = new ArrayList<>();
    try {
      List<URIStatus> statuses = fileSystem.listStatus(new AlluxioURI(directory));
      if (statuses.size() > MAX_ENTRIES) {
        LOG.debug("{} has {} entries and is no model", directory, statuses.size());
        statuses = List.of();
      }
      for (URIStatus status : statuses) {
        if (status.isFolder()) {
          listing.add(ListedFile.directory(status.getPath()));
        } else {
          listing.add(ListedFile.file(status.getPath(), status.getLength()));
          catalog.of(status.getFileInfo()).ifPresent(file -> specs.put(status.getPath(), file));
        }
      }
    } catch (IOException | AlluxioException | RuntimeException e) {
      LOG.warn("{} is not read ahead, it cannot be listed: {}", directory, e.toString());
      listing.clear();
    }
    knowledge = knowledge.withListing(directory, listing);
  }

  private void read(String path) {
    String text = "";
    FileSpec file = specs.get(path);
    if (file != null && file.layout().lengthBytes() <= MAX_TEXT_BYTES) {
      ByteBuffer bytes = ByteBuffer.allocate((int) file.layout().lengthBytes());
      try {
        engine.read(file, 0, bytes);
        text = new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8);
      } catch (IOException | RuntimeException e) {
        LOG.warn("What {} names is not read ahead: {}", path, e.toString());
      }
    }
    knowledge = knowledge.withText(path, text);
  }

  /** What is to be read ahead. Immutable. */
  static final class Found {
    private final List<FileSpec> files;
    private final boolean model;

    Found(List<FileSpec> files, boolean model) {
      this.files = List.copyOf(files);
      this.model = model;
    }

    /** In the order in which they are to be fetched. */
    List<FileSpec> files() {
      return files;
    }

    /** Whether there are weights beside what was opened. */
    boolean isOfModel() {
      return model;
    }
  }
}
