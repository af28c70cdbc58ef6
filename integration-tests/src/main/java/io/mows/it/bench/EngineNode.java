// SPDX-License-Identifier: Apache-2.0
package io.mows.it.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** One node's engine: made ready, started once, ended. For one thread. */
final class EngineNode implements AutoCloseable {
  private final EngineCommand command;
  private final List<String> enter;
  private final Path model;
  private final Optional<DownloadProcess> download;
  private EngineProcess engine;
  private boolean copied;

  /**
   * @param enter what goes before the command line to run it in the node's network
   * @param download what brings the model before the engine begins; empty if the engine does
   */
  EngineNode(
      EngineCommand command, List<String> enter, Path model, Optional<DownloadProcess> download) {
    this.command = command;
    this.enter = enter;
    this.model = model;
    this.download = download;
  }

  /** Does all that does not count. */
  void prepare() throws IOException {
    if (download.isPresent()) {
      download.get().awaitReady();
    }
    if (command.workload().isStartedBefore()) {
      engine = command.start(enter, model);
      engine.await(EngineOutput.READY);
    }
  }

  /** Brings the model, unless the engine is to do it, or it is here. */
  void copy() throws IOException {
    if (download.isPresent() && !copied) {
      download.get().download();
      copied = true;
    }
  }

  /** Brings the model and starts the engine; returns when it has said what it has loaded. */
  EngineStart start() throws IOException {
    long startNs = System.nanoTime();
    copy();
    double copySeconds = (System.nanoTime() - startNs) / 1e9;
    if (command.workload().isStartedBefore()) {
      engine.go();
    } else {
      engine = command.start(enter, model);
    }
    double seconds = engine.await(EngineOutput.DONE);
    engine.await(EngineOutput.ANSWER);
    engine.awaitEnd();
    EngineOutput said = engine.output();
    return new EngineStart(
        copySeconds + seconds,
        copySeconds,
        said.weightsSeconds().orElse(seconds),
        said.answer().orElse(""),
        said.loader().orElse(""));
  }

  @Override
  public void close() {
    download.ifPresent(DownloadProcess::close);
    if (engine != null) {
      engine.close();
    }
  }
}
