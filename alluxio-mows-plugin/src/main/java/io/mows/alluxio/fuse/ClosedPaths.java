// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.fuse;

import alluxio.AlluxioURI;
import alluxio.client.file.URIStatus;
import alluxio.exception.AlluxioException;
import alluxio.exception.status.UnavailableException;
import io.mows.alluxio.fuse.kernel.KernelOptions;
import io.mows.alluxio.master.RecentPaths;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether users other than the worker's can read what they see of the mount: where the kernel
 * checks modes, those that Alluxio makes up for objects let nobody in but the owner. Thread-safe.
 */
final class ClosedPaths {
  private static final Logger LOG = LoggerFactory.getLogger(ClosedPaths.class);
  private static final int READ_BY_OTHERS = 04;
  private static final int READ_AND_ENTER_BY_OTHERS = 05;

  /** Below the mount's root one directory is looked into at each level. */
  private static final int MAX_LEVELS = 4;

  /** The first listing of a bucket takes the master longer than a question may take here. */
  private static final int MAX_ATTEMPTS = 3;

  private final KernelOptions options;
  private final RecentPaths paths;
  private final String root;

  /**
   * @param root the Alluxio path that is mounted
   */
  ClosedPaths(KernelOptions options, RecentPaths paths, String root) {
    this.options = options;
    this.paths = paths;
    this.root = root;
  }

  /**
   * The first path that is found closed to others, with its mode; empty if none is, as far as can
   * be seen soon, or if nobody looks at modes.
   */
  Optional<String> first() {
    if (!options.checksModes()) {
      return Optional.empty();
    }
    for (int attempt = 1; attempt <= MAX_ATTEMPTS; attempt++) {
      try {
        return first(paths.status(new AlluxioURI(root)));
      } catch (UnavailableException e) {
        LOG.debug("The master does not tell soon who may read {}", root, e);
      } catch (IOException | AlluxioException | RuntimeException e) {
        LOG.debug("Who may read {} cannot be found out", root, e);
        return Optional.empty();
      }
    }
    return Optional.empty();
  }

  private Optional<String> first(URIStatus top) throws IOException, AlluxioException {
    if (isClosed(top)) {
      return Optional.of(said(top));
    }
    String directory = top.getPath();
    for (int level = 0; level < MAX_LEVELS; level++) {
      List<URIStatus> children = paths.list(new AlluxioURI(directory));
      for (URIStatus child : children) {
        if (isClosed(child)) {
          return Optional.of(said(child));
        }
      }
      Optional<URIStatus> next = children.stream().filter(URIStatus::isFolder).findFirst();
      if (next.isEmpty()) {
        return Optional.empty();
      }
      directory = next.get().getPath();
    }
    return Optional.empty();
  }

  private boolean isClosed(URIStatus status) {
    int needed = status.isFolder() ? READ_AND_ENTER_BY_OTHERS : READ_BY_OTHERS;
    return (mode(status) & needed) != needed;
  }

  private int mode(URIStatus status) {
    return (status.isFolder() ? options.directoryMode() : options.fileMode())
        .orElse(status.getMode());
  }

  private String said(URIStatus status) {
    return status.getPath() + " has mode " + Integer.toOctalString(mode(status));
  }
}
