// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.fuse;

import alluxio.AlluxioURI;
import alluxio.client.file.URIStatus;
import alluxio.exception.AlluxioException;
import alluxio.exception.FileDoesNotExistException;
import alluxio.util.io.PathUtils;
import io.mows.alluxio.block.FileCatalog;
import io.mows.alluxio.fuse.kernel.MountedFiles;
import io.mows.alluxio.master.RecentPaths;
import io.mows.p2p.fetch.FileSpec;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What one reader wants below one directory, by name. Thread-safe. */
final class ModelWants implements MountedFiles.Wants {
  private final String directory;
  private final RecentPaths paths;
  private final FileCatalog catalog;
  private final WantedFiles.Wants wants;

  /**
   * @param directory an Alluxio path
   */
  ModelWants(String directory, RecentPaths paths, FileCatalog catalog, WantedFiles.Wants wants) {
    this.directory = directory;
    this.paths = paths;
    this.catalog = catalog;
    this.wants = wants;
  }

  @Override
  public boolean add(List<String> names) throws IOException, AlluxioException {
    Map<String, Map<String, URIStatus>> listed = new HashMap<>();
    List<FileSpec> found = new ArrayList<>();
    boolean all = true;
    for (String name : names) {
      String path = PathUtils.concatPath(directory, name);
      String parent = path.substring(0, Math.max(1, path.lastIndexOf('/')));
      if (!listed.containsKey(parent)) {
        listed.put(parent, list(parent));
      }
      URIStatus status = listed.get(parent).get(path);
      if (status == null || status.isFolder()) {
        all = false;
      } else {
        // What the engine does not serve is there without us: an empty file, or a manifest.
        catalog.of(status.getFileInfo()).ifPresent(found::add);
      }
    }
    wants.add(found);
    return all;
  }

  private Map<String, URIStatus> list(String parent) throws IOException, AlluxioException {
    Map<String, URIStatus> byPath = new HashMap<>();
    try {
      for (URIStatus child : paths.list(new AlluxioURI(parent))) {
        byPath.put(child.getPath(), child);
      }
    } catch (FileDoesNotExistException e) {
      return Map.of();
    }
    return byPath;
  }

  @Override
  public void close() {
    wants.close();
  }
}
