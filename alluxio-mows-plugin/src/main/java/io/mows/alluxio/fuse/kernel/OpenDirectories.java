// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.fuse.kernel;

import alluxio.client.file.URIStatus;
import alluxio.exception.AlluxioException;
import io.mows.alluxio.fuse.kernel.Inodes.Inode;
import io.mows.alluxio.fuse.kernel.message.Reply;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** The directories that are open: each reader sees what was there when it opened. Thread-safe. */
final class OpenDirectories {
  private final MountedFiles files;
  private final LookUps lookUps;
  private final OpenTable<Listing> open = new OpenTable<>();

  OpenDirectories(MountedFiles files, LookUps lookUps) {
    this.files = files;
    this.lookUps = lookUps;
  }

  /** Who keeps count of what the kernel was told. */
  interface LookUps {
    Inode lookedUp(Inode directory, String name, URIStatus status);
  }

  long open(Inode directory) throws IOException, AlluxioException {
    return open.put(
        new Listing(
            directory,
            files.status(directory.path()).status(),
            List.copyOf(files.list(directory.path()))));
  }

  /** The path of an open directory, as seen from the mount; null if there is no such handle. */
  String path(long handle) {
    Listing listing = open.get(handle);
    return listing == null ? null : listing.directory.path();
  }

  void release(long handle) {
    open.remove(handle);
  }

  /**
   * Puts as many entries into the reply as it takes.
   *
   * @param from as the last entry that was read said
   * @param plus with the attributes: each entry is looked up thereby
   * @return false if there is no such handle
   */
  boolean read(long handle, long from, int limitBytes, boolean plus, Reply reply) {
    Listing listing = open.get(handle);
    if (listing == null) {
      return false;
    }
    reply.body();
    for (int i = (int) from; i < listing.names.size(); i++) {
      String name = listing.names.get(i);
      URIStatus status = listing.statuses.get(i);
      if (!(plus ? reply.fitsPlus(name, limitBytes) : reply.fits(name, limitBytes))) {
        break;
      }
      if (plus) {
        reply.directoryEntryPlus(name, status, i + 1, listing.lookUp(i, lookUps));
      } else {
        reply.directoryEntry(name, status, i + 1);
      }
    }
    return true;
  }

  /** What one reader sees. */
  private static final class Listing {
    private static final int DOTS = 2;

    private final Inode directory;
    private final List<String> names = new ArrayList<>(List.of(".", ".."));
    private final List<URIStatus> statuses = new ArrayList<>();

    Listing(Inode directory, URIStatus own, List<URIStatus> children) {
      this.directory = directory;
      statuses.add(own);
      statuses.add(own);
      for (URIStatus child : children) {
        names.add(child.getName());
        statuses.add(child);
      }
    }

    /** The dots are not looked up: the kernel knows what they are. */
    private long lookUp(int index, LookUps lookUps) {
      return index < DOTS
          ? 0
          : lookUps.lookedUp(directory, names.get(index), statuses.get(index)).node();
    }
  }
}
