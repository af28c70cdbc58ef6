// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.fuse;

import alluxio.AlluxioURI;
import com.google.common.cache.Cache;
import com.google.common.cache.CacheBuilder;
import io.mows.alluxio.model.ModelPlanner;
import io.mows.p2p.fetch.FileSpec;
import io.mows.p2p.fetch.engine.FetchEngine;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The models that are being read, and what is fetched for their readers. For one thread. */
final class ActiveModels {
  private static final Logger LOG = LoggerFactory.getLogger(ActiveModels.class);

  /** What was found out of a directory is believed for so long. */
  private static final Duration REMEMBER = Duration.ofSeconds(30);

  /** Who reads more at once reads data: each file for itself. */
  private static final int MAX_MODELS = 64;

  private final Function<String, ModelScout> scouts;
  private final FetchEngine engine;
  private final MemoryRoom room;
  private final Consumer<String> modelUsed;
  private final Executor asking;
  private final Executor thread;
  private final List<ActiveModel> models = new ArrayList<>();
  private final Cache<String, ModelScout> known =
      CacheBuilder.newBuilder().expireAfterWrite(REMEMBER).maximumSize(1_000).build();

  /**
   * @param scouts gives one for a directory
   * @param modelUsed told of each directory of weights that readers begin to read
   * @param asking runs what may wait
   * @param thread the one that this is for
   */
  ActiveModels(
      Function<String, ModelScout> scouts,
      FetchEngine engine,
      MemoryRoom room,
      Consumer<String> modelUsed,
      Executor asking,
      Executor thread) {
    this.scouts = scouts;
    this.engine = engine;
    this.room = room;
    this.modelUsed = modelUsed;
    this.asking = asking;
    this.thread = thread;
  }

  /** A reader has opened {@code file} a moment ago. */
  void opened(FileSpec file, long nowNs) {
    Optional<ActiveModel> model = modelOf(file, nowNs);
    boolean another = model.isPresent() && model.get().opened(file, nowNs);
    if (!isDone(file)) {
      engine.readAhead(List.of(file), room.windowBytes(file, models, nowNs));
    }
    if (another) {
      plan(model.get());
    }
  }

  /**
   * Whether a fetch would bring nothing of {@code file}, now or later: it would linger beside
   * thousands of others, and the engine looks at each of them in every step.
   */
  private boolean isDone(FileSpec file) {
    return file.layout().pieceCount() == 1
        && room.isHeld(file)
        && engine.verification().isSettled(file.fileId());
  }

  private Optional<ActiveModel> modelOf(FileSpec file, long nowNs) {
    Optional<ActiveModel> present =
        models.stream().filter(model -> model.contains(file)).findFirst();
    if (present.isPresent() || !ModelPlanner.isOfModel(file.path())) {
      return present;
    }
    Optional<ActiveModel> near = models.stream().filter(model -> mayBeOf(model, file)).findFirst();
    return near.isPresent() || models.size() >= MAX_MODELS
        ? near
        : Optional.of(begin(new ActiveModel(directory(file), true, nowNs)));
  }

  /** Whether the reader of {@code model} is likely to be the one who has opened {@code file}. */
  private static boolean mayBeOf(ActiveModel model, FileSpec file) {
    if (!model.isGuessed()) {
      return isBelow(file, model.root());
    }
    boolean isNear =
        model.root().equals(directory(file))
            || model.planned().stream().anyMatch(f -> directory(f).equals(directory(file)));
    return isNear && !(model.hasBegunWeights() && ModelPlanner.tellsWeights(file.path()));
  }

  private static boolean isBelow(FileSpec file, String root) {
    return root.equals("/") || file.path().startsWith(root + "/");
  }

  private static String directory(FileSpec file) {
    return new AlluxioURI(file.path()).getParent().getPath();
  }

  private ActiveModel begin(ActiveModel model) {
    models.add(model);
    return model;
  }

  /** One question at a time: what is opened meanwhile is asked for after it. */
  private void plan(ActiveModel model) {
    if (!model.beginPlanning()) {
      return;
    }
    ModelScout scout = known.asMap().computeIfAbsent(model.root(), scouts);
    String evidence = model.evidence();
    asking.execute(
        () -> {
          ModelScout.Found found = scout.find(evidence);
          thread.execute(() -> found(model, evidence, found));
        });
  }

  private void found(ActiveModel model, String evidence, ModelScout.Found found) {
    model.endPlanning();
    if (!models.contains(model)) {
      return;
    }
    if (!model.evidence().equals(evidence)) {
      plan(model);
      return;
    }
    if (found.isOfModel() && model.isNew()) {
      modelUsed.accept(model.root());
      LOG.info("Fetching {} files of the model {}", found.files().size(), model.root());
    }
    end(model.replan(found.files()));
  }

  /** A reader says what it reads: what was guessed of the same files is forgotten. */
  void want(ActiveModel wanted) {
    for (ActiveModel model : new ArrayList<>(models)) {
      if (model.isGuessed() && isAtOrBelow(model.root(), wanted.root())) {
        end(model);
      }
    }
    begin(wanted);
  }

  private static boolean isAtOrBelow(String path, String root) {
    return path.equals(root) || root.equals("/") || path.startsWith(root + "/");
  }

  void add(ActiveModel model, List<FileSpec> files, long nowNs) {
    model.add(files);
    step(nowNs);
  }

  /** Nothing more is fetched for the readers of {@code model}. */
  void end(ActiveModel model) {
    model.close();
    models.remove(model);
    end(model.begun());
  }

  /** What others still read or want goes on. */
  private void end(List<FileSpec> files) {
    Set<Long> open = room.uses().open();
    List<FileSpec> unwanted = new ArrayList<>(files);
    unwanted.removeIf(
        file -> open.contains(file.fileId()) || models.stream().anyMatch(m -> m.contains(file)));
    if (!unwanted.isEmpty()) {
      engine.endReadAhead(unwanted);
    }
  }

  /** Begins what there is room for now, and ends what nobody waits for any more. */
  void step(long nowNs) {
    Set<Long> open = room.uses().open();
    for (ActiveModel model : new ArrayList<>(models)) {
      if (model.isLeft(open, nowNs)) {
        LOG.debug("Nobody reads {} any more", model.root());
        end(model);
      } else {
        model.forgetClosed(open);
        fetch(model, nowNs);
      }
    }
  }

  private void fetch(ActiveModel model, long nowNs) {
    List<FileSpec> begin = new ArrayList<>();
    for (FileSpec file : room.admit(model, models, nowNs)) {
      model.begin(file);
      if (!room.isHeld(file)) {
        begin.add(file);
      }
    }
    if (!begin.isEmpty()) {
      engine.readAhead(begin, Long.MAX_VALUE);
    }
  }
}
