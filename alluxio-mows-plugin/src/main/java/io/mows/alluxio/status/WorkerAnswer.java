// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.status;

import com.fasterxml.jackson.databind.JsonNode;
import io.mows.alluxio.cli.output.Json;

/** What a worker has answered. Immutable. */
public final class WorkerAnswer {
  private final String worker;
  private final JsonNode status;
  private final String failure;

  private WorkerAnswer(String worker, JsonNode status, String failure) {
    this.worker = worker;
    this.status = status;
    this.failure = failure;
  }

  String worker() {
    return worker;
  }

  /** Without fields if it has not answered. */
  JsonNode status() {
    return status;
  }

  /** Why it has not answered; null if it has. */
  String failure() {
    return failure;
  }

  /**
   * @param worker {@code host:port} of its web server
   * @param status as {@link WorkerStatus} writes it
   */
  public static WorkerAnswer of(String worker, JsonNode status) {
    return new WorkerAnswer(worker, status, null);
  }

  /** One that does not answer, or is a stock one. */
  public static WorkerAnswer none(String worker, String failure) {
    return new WorkerAnswer(worker, Json.newObject(), failure);
  }
}
