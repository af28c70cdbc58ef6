// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.locator.auto;

import java.io.IOException;
import java.util.List;

/** Tells the living workers of the cluster. May block for some seconds. */
public interface WorkerListSource {
  /** Returns the living workers, this one among them. */
  List<WorkerRef> workers() throws IOException;
}
