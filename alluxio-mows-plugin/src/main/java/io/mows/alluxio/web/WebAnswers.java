// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.web;

import com.fasterxml.jackson.databind.JsonNode;
import io.mows.alluxio.status.Readiness;
import java.io.IOException;

/** What the page and its JSON show. Any thread; may wait for some seconds at most. */
public interface WebAnswers {
  /** What this worker holds and does. */
  JsonNode status();

  /** What all workers hold and do. */
  JsonNode cluster();

  /** The loads of this worker that run, and the last ones that have ended. */
  JsonNode loads();

  /**
   * Whether this worker has enough of a model.
   *
   * @throws IOException if there is nothing at the path, or nobody can tell; says which
   */
  Readiness ready(ReadyQuestion question) throws IOException;
}
