// SPDX-License-Identifier: Apache-2.0
package io.mows.it.bench;

/** What loads the model on a node: a script beside this class, in a process of its own. */
enum EngineWorkload {
  /** From the start of the process: import, config, weights, first token. */
  VLLM("vllm", "vLLM, process start to first token", "load_vllm.py", 1, 1L << 30),
  /** The load alone; the process has started before the clock runs. */
  SAFETENSORS("safetensors", "safetensors alone, all shards", "load_safetensors.py", 3, 0);

  private final String flag;
  private final String title;
  private final String script;
  private final int nodes;
  private final long processBytes;

  /**
   * @param nodes that start at once unless options say otherwise
   * @param processBytes memory of the process beside the model's
   */
  EngineWorkload(String flag, String title, String script, int nodes, long processBytes) {
    this.flag = flag;
    this.title = title;
    this.script = script;
    this.nodes = nodes;
    this.processBytes = processBytes;
  }

  /** The workload's name on the command line, and of its model. */
  String flag() {
    return flag;
  }

  /** The workload's name for people. */
  String title() {
    return title;
  }

  /** The script's name among the resources. */
  String script() {
    return script;
  }

  /** The nodes that start at once, by default. */
  int nodes() {
    return nodes;
  }

  long processBytes() {
    return processBytes;
  }

  /** Whether the process is up before the clock runs, and waits to be told. */
  boolean isStartedBefore() {
    return this == SAFETENSORS;
  }
}
