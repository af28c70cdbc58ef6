// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.fuse.kernel;

import alluxio.exception.AlluxioException;
import alluxio.exception.status.UnavailableException;
import io.mows.alluxio.attributes.WantedNames;
import io.mows.alluxio.fuse.kernel.MountedFiles.Wants;
import io.mows.alluxio.fuse.kernel.message.FuseFailure;
import io.mows.alluxio.fuse.kernel.message.Reply;
import io.mows.alluxio.fuse.kernel.message.Request;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import jnr.constants.platform.Errno;

/**
 * Takes the lists of files that readers hand over by ioctl(2) on a directory that they have open,
 * until they close it or die. Thread-safe.
 *
 * <p>Source: struct fuse_ioctl_in and fuse_ioctl_out in linux/fuse.h, _IOW in asm-generic/ioctl.h.
 */
final class WantLists {
  private static final int FLAGS_AT = 8;
  private static final int COMMAND_AT = 12;
  private static final int IN_SIZE_AT = 24;
  private static final int PAYLOAD_AT = 32;
  private static final int IS_DIRECTORY = 1 << 4;

  /** {@code _IOW('M', 1, SIZE)}, without the size. */
  private static final int WANT = 1 << 30 | 'M' << 8 | 1;

  private static final int SIZE_SHIFT = 16;
  private static final int SIZE_MASK = 0x3fff;

  private final MountedFiles files;
  private final OpenDirectories directories;
  private final Map<Long, Wants> byHandle = new ConcurrentHashMap<>();

  WantLists(MountedFiles files, OpenDirectories directories) {
    this.files = files;
    this.directories = directories;
  }

  /** Answers IOCTL. */
  void take(Request request, Reply reply) throws IOException, AlluxioException {
    long handle = request.longAt(0);
    int command = request.intAt(COMMAND_AT);
    int sizeBytes = command >>> SIZE_SHIFT & SIZE_MASK;
    boolean isOurs =
        (request.intAt(FLAGS_AT) & IS_DIRECTORY) != 0
            && (command & ~(SIZE_MASK << SIZE_SHIFT)) == WANT
            && sizeBytes == request.intAt(IN_SIZE_AT);
    if (!isOurs) {
      throw new FuseFailure(Errno.ENOTTY);
    }
    String directory = directories.path(handle);
    if (directory == null) {
      throw new FuseFailure(Errno.EBADF);
    }
    add(handle, directory, names(request.bytesAt(PAYLOAD_AT, sizeBytes)));
    reply.ioctlDone();
  }

  private static List<String> names(byte[] payload) throws FuseFailure {
    try {
      return WantedNames.parse(payload);
    } catch (IllegalArgumentException e) {
      throw new FuseFailure(Errno.EINVAL);
    }
  }

  private void add(long handle, String directory, List<String> names)
      throws IOException, AlluxioException {
    Wants wants = byHandle.computeIfAbsent(handle, h -> files.want(directory));
    try {
      if (!wants.add(names)) {
        throw new FuseFailure(Errno.ENOENT);
      }
    } catch (UnavailableException e) {
      throw new FuseFailure(Errno.EAGAIN);
    }
  }

  /** The directory is not open any more: neither its reader nor who inherited it from him. */
  void release(long handle) {
    Wants wants = byHandle.remove(handle);
    if (wants != null) {
      wants.close();
    }
  }

  /** When nothing is mounted any more. */
  void close() {
    List.copyOf(byHandle.keySet()).forEach(this::release);
  }
}
