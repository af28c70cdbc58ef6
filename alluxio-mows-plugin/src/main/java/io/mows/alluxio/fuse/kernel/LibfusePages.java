// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.fuse.kernel;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.Paths;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes back what the kernel keeps of files of a mount through libfuse. Alluxio's library does not
 * hand on what libfuse offers for that, so the notification goes to libfuse's device beside it.
 * Thread-safe.
 *
 * <p>libfuse calls a file by the number that stat(2) shows, unless the mount option use_ino is
 * given. Source: set_stat in lib/fuse.c.
 */
public final class LibfusePages implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LibfusePages.class);
  private static final Path DESCRIPTORS = Paths.get("/proc/self/fd");

  private final Path mountPoint;
  private final Notifications notifications = new Notifications(LibfusePages::write);

  public LibfusePages(Path mountPoint) {
    this.mountPoint = mountPoint;
  }

  /**
   * The kernel drops its pages of a file; who has it mapped reads them anew. Returns at once.
   *
   * @param path as seen from the mount point, from a slash on
   */
  public void drop(String path) {
    notifications.run(() -> dropNow(mountPoint.resolve(path.substring(1))), 0);
  }

  private void dropNow(Path file) throws IOException {
    try {
      notifications.dropPages((Long) Files.getAttribute(file, "unix:ino"));
      LOG.warn("Readers of {} get errors: its bytes were wrong and have been dropped", file);
    } catch (NoSuchFileException e) {
      LOG.debug("Nobody can have it any more", e);
    }
  }

  /** To every device of this process: a worker has one mount, and others do not know the number. */
  private static void write(ByteBuffer notification) throws IOException {
    try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(DESCRIPTORS)) {
      for (Path path : descriptors) {
        int descriptor = Integer.parseInt(path.getFileName().toString());
        if (FuseDevice.isDevice(descriptor)) {
          FuseDevice.notifyAnother(descriptor, notification.duplicate());
        }
      }
    }
  }

  @Override
  public void close() {
    notifications.close();
  }
}
