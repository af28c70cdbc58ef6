// SPDX-License-Identifier: Apache-2.0
package io.mows.it.bench;

import java.io.IOException;
import java.nio.file.Path;

/** How a node gets a model. Nodes may be used by different threads at once. */
interface ModelReader extends AutoCloseable {
  /** Reads another model on every node, so that what is timed later meets warm code. */
  void warmUp() throws Exception;

  /** Gets all of a case's model; returns when the last byte is there. */
  void read(int node, ScaleoutCase which) throws IOException;

  /** The directory with what the node has read, to check it. */
  Path result(int node, ScaleoutCase which);

  /** Ends what this reader has started, on all nodes. */
  @Override
  void close() throws IOException;
}
