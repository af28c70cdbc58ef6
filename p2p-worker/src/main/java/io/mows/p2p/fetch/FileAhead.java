// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch;

import java.io.IOException;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How far one file is read ahead of its readers. For the engine's thread. */
final class FileAhead {
  private static final Logger LOG = LoggerFactory.getLogger(FileAhead.class);

  private final FileFetch fetch;
  private final OriginPatience patience;
  private OptionalLong bytes = OptionalLong.empty();

  FileAhead(FileFetch fetch, OriginPatience patience) {
    this.fetch = fetch;
    this.patience = patience;
  }

  /** Reads {@code file} ahead, if it can be fetched at all. */
  static void begin(FetchEngine engine, FileSpec file, long budgetBytes) {
    try {
      engine.fetch(file).ahead().begin(budgetBytes);
    } catch (IOException e) {
      LOG.debug("No read-ahead of {}", file, e);
    }
  }

  /**
   * @param budgetBytes how far ahead of its reader the file may be read
   */
  void begin(long budgetBytes) {
    if (!fetch.isBroken()) {
      fetch.plan().readAhead(budgetBytes);
      bytes = OptionalLong.of(budgetBytes);
    }
  }

  /**
   * What is not under way stays where it is. But a file of which nothing may be shown before all of
   * it is here goes on: somebody may wait for a piece of it.
   */
  void end() {
    bytes = OptionalLong.empty();
    if (fetch.mayShow()) {
      fetch.plan().endReadAhead();
    }
  }

  /** How far was to be read ahead, if nobody waits any more for an origin that is away. */
  OptionalLong lostBytes() {
    return patience.isForNobody() ? bytes : OptionalLong.empty();
  }
}
