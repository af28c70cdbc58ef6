// SPDX-License-Identifier: Apache-2.0
package io.mows.it.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** How the engine of a workload is started. Immutable. */
final class EngineCommand {
  private final EngineWorkload workload;
  private final Path python;
  private final Path scripts;
  private final String way;

  /**
   * @param python that has the engine
   * @param scripts the directory of the workloads' scripts
   * @param way how the engine reads, for the script
   */
  EngineCommand(EngineWorkload workload, Path python, Path scripts, String way) {
    this.workload = workload;
    this.python = python;
    this.scripts = scripts;
    this.way = way;
  }

  EngineWorkload workload() {
    return workload;
  }

  /** Starts it on a model; see {@link EngineProcess#start}. */
  EngineProcess start(List<String> enter, Path model) throws IOException {
    String script = scripts.resolve(workload.script()).toString();
    return EngineProcess.start(enter, List.of(python.toString(), script, model.toString(), way));
  }
}
