// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.web;

import alluxio.exception.AlluxioException;
import com.google.common.base.Throwables;
import com.google.common.cache.Cache;
import com.google.common.cache.CacheBuilder;
import io.mows.alluxio.hidden.Looks;
import io.mows.alluxio.master.MasterCalls;
import io.mows.alluxio.model.WeightFormat;
import io.mows.p2p.fetch.FileSpec;
import io.mows.p2p.locator.jobs.JobReport.Failure;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

/**
 * Which files belong to a question about readiness. Probes come every few seconds and from many:
 * what the master has said is good for a moment, and while it is away what it has said before does.
 * Thread-safe; waits for the master some seconds at most.
 */
public final class AskedFiles implements AutoCloseable {
  private static final Duration REMEMBER = Duration.ofSeconds(10);
  private static final int MAX_QUESTIONS = 1_000;
  private static final MasterCalls.Patience PATIENCE = new MasterCalls.Patience(2_000, 500, 10_000);

  private static final long LOOK_AGAIN_MS = 30_000;

  private final Source source;
  private final Looks<Failure> missing;
  private final MasterCalls calls = new MasterCalls(PATIENCE);
  private final Cache<String, List<FileSpec>> recent =
      CacheBuilder.newBuilder().expireAfterWrite(REMEMBER).maximumSize(MAX_QUESTIONS).build();
  private final Cache<String, List<FileSpec>> ever =
      CacheBuilder.newBuilder().maximumSize(MAX_QUESTIONS).build();

  /** Asks the master; may wait for it. */
  public interface Source {
    /**
     * What the engine needs to know of the files below a path.
     *
     * @param wantedOnly only those that an engine would load
     */
    List<FileSpec> list(String path, boolean wantedOnly) throws IOException;

    /** What should be below a path and cannot be loaded, and why. Waits for the origin, too. */
    List<Failure> hidden(String path) throws IOException;
  }

  public AskedFiles(Source source, LongSupplier nanoClock) {
    this.source = source;
    this.missing = new Looks<>("mows-missing", MAX_QUESTIONS, LOOK_AGAIN_MS, nanoClock);
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
   * Which files should be there and are not, and why, as far as it is known after two seconds at
   * most. Of weights that engines do not want, as they have the same in another format, none is
   * missed.
   *
   * @param files the answer to the same question
   */
  public SortedMap<String, String> missing(ReadyQuestion question, List<FileSpec> files) {
    String path = question.path();
    Set<String> wanted = files.stream().map(f -> weights(f.path())).collect(Collectors.toSet());
    SortedMap<String, String> reasons = new TreeMap<>();
    for (Failure file : missing.of(path, () -> source.hidden(path))) {
      String weights = weights(file.path());
      if (!question.wantedOnly() || weights.isEmpty() || wanted.contains(weights)) {
        reasons.put(file.path(), file.reason());
      }
    }
    return reasons;
  }

  /** The same for weights in the same directory and format; empty for other files. */
  private static String weights(String path) {
    int name = path.lastIndexOf('/') + 1;
    return WeightFormat.of(path.substring(name))
        .map(format -> path.substring(0, name) + format)
        .orElse("");
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
    missing.close();
    calls.close();
  }
}
