// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.block;

import static alluxio.util.FormatUtils.getSizeFromBytes;

import io.mows.alluxio.mount.MountInfo;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Set;

/**
 * What one file system of the memory tier has free, what Alluxio believes, and who has the rest.
 * Immutable.
 */
public final class MemoryUse {
  /** Foreign files are looked for among so many; the rest is not worth the time. */
  private static final int MAX_FILES = 10_000;

  private static final int TOLERATED_PART = 50;

  private final Path mountPoint;
  private final String type;
  private final long totalBytes;
  private final long writableBytes;
  private final long capacityBytes;
  private final long usedBytes;
  private final Foreign foreign;

  private MemoryUse(
      MountInfo mount, FileStore store, long capacityBytes, long usedBytes, Foreign foreign)
      throws IOException {
    this.mountPoint = mount.point();
    this.type = mount.type();
    this.totalBytes = store.getTotalSpace();
    this.writableBytes = store.getUsableSpace();
    this.capacityBytes = capacityBytes;
    this.usedBytes = usedBytes;
    this.foreign = foreign;
  }

  /**
   * Looks at the file system of some directories. Takes some milliseconds.
   *
   * @param directories Alluxio's on this mount; other files are others'
   * @param capacityBytes how many bytes Alluxio may keep in these directories
   * @param usedBytes how many of them it counts as used
   */
  static MemoryUse of(MountInfo mount, Set<Path> directories, long capacityBytes, long usedBytes)
      throws IOException {
    Foreign foreign = new Foreign(directories);
    if (mount.type().equals("tmpfs") || mount.type().equals("ramfs")) {
      Files.walkFileTree(mount.point(), foreign);
    }
    FileStore store = Files.getFileStore(directories.iterator().next());
    return new MemoryUse(mount, store, capacityBytes, usedBytes, foreign);
  }

  /** How much of what Alluxio counts as free the file system does not have. */
  public long missingBytes() {
    return Math.max(0, capacityBytes - usedBytes - writableBytes);
  }

  /** Whether that is more than the file system's own needs. */
  public boolean isShort() {
    return missingBytes() > capacityBytes / TOLERATED_PART;
  }

  /** What to do when it is short. */
  public String remedy() {
    return "remove what does not belong there, end who holds removed files ('lsof +L1 "
        + mountPoint
        + "'), or a smaller alluxio.worker.ramdisk.size. Meanwhile readers are served without it";
  }

  @Override
  public String toString() {
    long held = Math.max(0, missingBytes() - foreign.bytes);
    return type
        + " of "
        + getSizeFromBytes(totalBytes)
        + " at "
        + mountPoint
        + ": "
        + getSizeFromBytes(writableBytes)
        + " free; Alluxio counts "
        + getSizeFromBytes(Math.max(0, capacityBytes - usedBytes))
        + " of its "
        + getSizeFromBytes(capacityBytes)
        + " as free"
        + (foreign.bytes == 0
            ? ""
            : "; other files: "
                + getSizeFromBytes(foreign.bytes)
                + ", the largest "
                + foreign.largest)
        + (isShort() && held > 0
            ? "; files that were removed and are still open or mapped: about "
                + getSizeFromBytes(held)
            : "");
  }

  /** Adds up the files that do not lie below Alluxio's directories. */
  private static final class Foreign extends SimpleFileVisitor<Path> {
    private final Set<Path> ours;
    private int files;
    private long bytes;
    private long largestBytes;
    private Path largest;

    Foreign(Set<Path> ours) {
      this.ours = ours;
    }

    @Override
    public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
      return ours.contains(directory) ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
      if (attributes.isRegularFile()) {
        bytes += attributes.size();
        if (attributes.size() > largestBytes) {
          largestBytes = attributes.size();
          largest = file;
        }
      }
      return ++files < MAX_FILES ? FileVisitResult.CONTINUE : FileVisitResult.TERMINATE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException e) {
      return FileVisitResult.CONTINUE;
    }
  }
}
