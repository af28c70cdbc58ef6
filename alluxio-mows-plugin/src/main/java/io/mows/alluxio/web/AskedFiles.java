// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.web;

import alluxio.exception.AlluxioException;
import com.google.common.base.Throwables;
import com.google.common.cache.Cache;
import com.google.common.cache.CacheBuilder;
import io.mows.alluxio.master.MasterCalls;
import io.mows.p2p.fetch.FileSpec;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Which files belong to a question about readiness. Probes come every few seconds and from many:
 * what the master has said is good for a moment, and while it is away what it has said before does.
 * Thread-safe; waits for the master some seconds at most.
 */
public final class AskedFiles implements AutoCloseable {
  private static final Duration REMEMBER = Duration.ofSeconds(10);
  private static final int MAX_QUESTIONS = 1_000;
  private static final MasterCalls.Patience PATIENCE = new MasterCalls.Patience(2_000, 500, 10_000);

  private final Source source;
  private final MasterCalls calls = new MasterCalls(PATIENCE);
  private final Cache<String, List<FileSpec>> recent =
      CacheBuilder.newBuilder().expireAfterWrite(REMEMBER).maximumSize(MAX_QUESTIONS).build();
  private final Cache<String, List<FileSpec>> ever =
      CacheBuilder.newBuilder().maximumSize(MAX_QUESTIONS).build();

  /** Asks the master; may wait for it. */
  @FunctionalInterface
  public interface Source {
    List<FileSpec> list(String path, boolean wantedOnly) throws IOException;
  }

  public AskedFiles(Source source) {
    this.source = source;
  }

  /**
   * @throws IOException if there is nothing at the path, or nobody can tell
   */
  public List<FileSpec> of(ReadyQuestion question) throws IOException {
    String key = question.filesKey();
    List<FileSpec> known = recent.getIfPresent(key);
    if (known != null) {
      return known;
    }
    try {
      List<FileSpec> files =
          calls.ask(() -> list(question), Optional.ofNullable(ever.getIfPresent(key)));
      recent.put(key, files);
      ever.put(key, files);
      return files;
    } catch (AlluxioException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  /**
   * What the master says is passed on as it is: {@link MasterCalls} knows answers by their kind.
   */
  private List<FileSpec> list(ReadyQuestion question) throws IOException, AlluxioException {
    try {
      return source.list(question.path(), question.wantedOnly());
    } catch (IOException e) {
      Throwables.throwIfInstanceOf(e.getCause(), AlluxioException.class);
      throw e;
    }
  }

  /** Gives up on questions that the master does not answer. */
  @Override
  public void close() {
    calls.close();
  }
}
