// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.warmup;

import io.mows.p2p.fetch.FileSpec;
import io.mows.p2p.locator.jobs.JobFile;
import io.mows.p2p.locator.jobs.JobReport.Failure;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** The namespace, for warm-up. Thread-safe; all methods may ask the Alluxio master and block. */
public interface WarmupFiles {
  /**
   * What the engine needs to know of a file.
   *
   * @throws IOException if it is not there any more, is another one now, or is not accelerated;
   *     says what to do
   */
  FileSpec find(JobFile file) throws IOException;

  /**
   * The accelerated files that are {@code path} or lie below it, by path; those without a byte are
   * left out.
   *
   * @throws IOException if it is not there or the master cannot be asked
   */
  List<JobFile> list(String path) throws IOException;

  /**
   * What the origin has below {@code path} and Alluxio does not show: a model that lacks it is not
   * whole, and nobody would know. Asks the origin.
   *
   * @throws IOException if it is not known
   */
  default List<Failure> hidden(String path) throws IOException {
    return List.of();
  }

  /**
   * What is wrong with a file whose beginning is in memory, such as a download that was broken off;
   * empty if nothing is, as far as can be seen. Asks nobody.
   */
  default Optional<String> fault(FileSpec file) {
    return Optional.empty();
  }

  /**
   * The files of a model that somebody who reads it wants, of those that {@link #list} gives: not
   * the same weights in other formats. May wait for the master and the origin.
   *
   * @param model a directory
   */
  default List<JobFile> listWanted(String model) throws IOException {
    return list(model);
  }
}
