// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.warmup;

import io.mows.p2p.fetch.FileSpec;
import io.mows.p2p.locator.jobs.JobFile;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The files of a job as the master knows them. While one lacks something the master is asked now
 * and then whether it is still there. For the warm-up thread.
 */
final class KnownFiles {
  private static final long ASK_AGAIN_NS = TimeUnit.SECONDS.toNanos(10);

  private final WarmupFiles files;
  private final Map<Long, Found> found = new HashMap<>();

  KnownFiles(WarmupFiles files) {
    this.files = files;
  }

  /**
   * May wait for the master.
   *
   * @throws IOException if the file is not there any more, or is another one
   */
  FileSpec spec(JobFile file, long nowNs) throws IOException {
    Found known = found.get(file.id());
    if (known == null || (!known.complete && nowNs - known.timeNs > ASK_AGAIN_NS)) {
      found.remove(file.id());
      known = new Found(files.find(file), nowNs);
      found.put(file.id(), known);
    }
    return known.spec;
  }

  /** Whether all that is wanted of a file for which {@link #spec} was asked is here. */
  void setComplete(JobFile file, boolean complete) {
    found.get(file.id()).complete = complete;
  }

  void clear() {
    found.clear();
  }

  /** A file of the job as the master knows it. */
  private static final class Found {
    private final FileSpec spec;
    private final long timeNs;
    private boolean complete;

    Found(FileSpec spec, long timeNs) {
      this.spec = spec;
      this.timeNs = timeNs;
    }
  }
}
