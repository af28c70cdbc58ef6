// SPDX-License-Identifier: Apache-2.0
package io.mows.it.cluster;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.Set;

/**
 * The number of a running cluster and all that carries it: its directory, the third byte of its
 * addresses, the names of its network namespaces.
 *
 * <p>The number is held by a lock on a file, which the kernel drops when its process ends however
 * it ends. So a number is never used twice at a time, and a number that can be locked while its
 * directory exists is the wreckage of a dead process; {@link #acquire} clears all of that.
 */
final class Instance implements AutoCloseable {
  private static final int MAX_NUMBER = 254;
  // Closing any channel of a locked file drops the lock of the whole process, so a number that this
  // process holds must not be tried again.
  private static final Set<Integer> HELD_HERE = new HashSet<>();

  private final int number;
  private final FileChannel lockFile;
  private final Path base;

  private Instance(int number, FileChannel lockFile, Path base) {
    this.number = number;
    this.lockFile = lockFile;
    this.base = base;
  }

  /**
   * Takes a free number and makes its directory; clears what dead clusters left.
   *
   * @throws IOException if no number is free, or wreckage cannot be cleared
   */
  static Instance acquire() throws IOException {
    // Not java.io.tmpdir: namespaces and addresses are shared by the whole machine.
    Path base = Path.of("/tmp/mows-cluster-" + System.getProperty("user.name"));
    Files.createDirectories(base);
    synchronized (HELD_HERE) {
      Instance taken = null;
      for (int number = 1; number <= MAX_NUMBER; number++) {
        boolean wreckage = Files.exists(base.resolve(Integer.toString(number)));
        if (HELD_HERE.contains(number) || (taken != null && !wreckage)) {
          continue;
        }
        Instance found = tryLock(number, base);
        if (found != null) {
          found.clear();
          if (taken == null) {
            taken = found;
          } else {
            found.close();
          }
        }
      }
      if (taken == null) {
        throw new IOException("all " + MAX_NUMBER + " cluster numbers of " + base + " are in use");
      }
      Files.createDirectories(taken.dir());
      return taken;
    }
  }

  private static Instance tryLock(int number, Path base) throws IOException {
    FileChannel channel =
        FileChannel.open(
            base.resolve(number + ".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    FileLock lock = channel.tryLock();
    if (lock == null) {
      channel.close();
      return null;
    }
    HELD_HERE.add(number);
    return new Instance(number, channel, base);
  }

  int number() {
    return number;
  }

  /** Prefix of every name that is shared by the whole machine; short, for interface names. */
  String name() {
    return "mows" + number;
  }

  /** Holds all files and mounts of the cluster. */
  Path dir() {
    return base.resolve(Integer.toString(number));
  }

  /** The directory of a worker's memory tier when it cannot be a tmpfs of its own. */
  Path sharedMemoryDir() {
    return Path.of("/dev/shm").resolve(base.getFileName() + "-" + number);
  }

  /** Where logs are kept when a start fails; outside of {@link #dir()}. */
  Path failureDir() {
    return base.resolve("failed-" + number + "-" + System.currentTimeMillis());
  }

  /**
   * Removes processes, mounts, namespaces and files of this number.
   *
   * @throws IOException if something is left; the rest is removed all the same
   */
  void clear() throws IOException {
    Cleaner.clear(this);
  }

  /** Gives the number back. */
  @Override
  public void close() throws IOException {
    synchronized (HELD_HERE) {
      lockFile.close();
      HELD_HERE.remove(number);
    }
  }
}
