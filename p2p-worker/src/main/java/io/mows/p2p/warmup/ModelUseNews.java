// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.warmup;

import io.mows.p2p.locator.client.JobClient;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which models were opened here and which were freed, until the locator has been told. For the
 * warm-up thread.
 */
final class ModelUseNews {
  private static final Logger LOG = LoggerFactory.getLogger(ModelUseNews.class);

  private final JobClient directory;
  private final String peerId;
  private final long session;
  private final Executor thread;
  private final Map<String, Integer> uses = new HashMap<>();
  private final Set<String> freed = new HashSet<>();

  /**
   * @param session as this worker announces itself
   * @param thread runs something on the warm-up thread
   */
  ModelUseNews(JobClient directory, String peerId, long session, Executor thread) {
    this.directory = directory;
    this.peerId = peerId;
    this.session = session;
    this.thread = thread;
  }

  /** A reader has opened a file of {@code model}, a directory. */
  void used(String model) {
    uses.merge(model, 1, Integer::sum);
    freed.remove(model);
  }

  /** Somebody has freed it. */
  void freed(String model) {
    uses.remove(model);
    freed.add(model);
  }

  /** Tells the locator. */
  void tell() {
    uses.forEach(
        (model, openings) ->
            directory
                .used(peerId, session, model, openings)
                .exceptionally(
                    failure -> {
                      LOG.debug("The use of {} is not told", model, failure);
                      return null;
                    }));
    uses.clear();
    freed.forEach(
        model ->
            directory
                .disused(model)
                .exceptionally(
                    failure -> {
                      thread.execute(() -> freed.add(model));
                      return null;
                    }));
    freed.clear();
  }
}
