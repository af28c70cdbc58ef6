// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.fuse.kernel;

import io.mows.alluxio.mount.MountType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import jnr.constants.platform.Errno;
import jnr.ffi.LibraryLoader;
import jnr.ffi.Runtime;
import jnr.ffi.annotations.In;
import jnr.ffi.annotations.Out;

/**
 * One mount's {@code /dev/fuse}: where the kernel's requests come from and the replies go to.
 * Thread-safe.
 *
 * <p>Source: mount(2), fuse(4) and linux/fuse.h.
 */
final class FuseDevice implements Passthrough.Kernel, Notifications.Sink, AutoCloseable {
  private static final LibC LIBC = LibraryLoader.create(LibC.class).load("c");
  private static final Runtime RUNTIME = Runtime.getRuntime(LIBC);

  private static final String DEVICE = "/dev/fuse";
  private static final int O_RDONLY = 0;
  private static final int O_RDWR = 2;
  private static final int O_CLOEXEC = 0x80000;
  private static final int F_DUPFD_CLOEXEC = 1030;

  private static final long MS_RDONLY = 1;
  private static final long MS_NOSUID = 2;
  private static final long MS_NODEV = 4;
  private static final int MNT_FORCE = 1;
  private static final int MNT_DETACH = 2;

  /** Before it is tried again where memory is short. */
  private static final long SHORT_MS = 10;

  private static final int BACKING_BYTES = 16;

  /** {@code _IOW(229, 1, struct fuse_backing_map)}. */
  private static final long BACKING_OPEN = 0x4010_E501L;

  /** {@code _IOW(229, 2, uint32_t)}. */
  private static final long BACKING_CLOSE = 0x4004_E502L;

  private final Path mountPoint;
  private final int descriptor;

  private FuseDevice(Path mountPoint, int descriptor) {
    this.mountPoint = mountPoint;
    this.descriptor = descriptor;
  }

  /** The C library's functions under their own names; public because jnr-ffi implements it. */
  public interface LibC {
    int open(String path, int flags);

    int close(int descriptor);

    int fcntl(int descriptor, int command, int argument);

    long read(int descriptor, @Out ByteBuffer buffer, long bytes);

    long write(int descriptor, @In ByteBuffer buffer, long bytes);

    int ioctl(int descriptor, long request, @In ByteBuffer argument);

    int mount(String source, String target, String type, long flags, String options);

    int umount2(String target, int flags);
  }

  /** Mounts a read-only file system whose requests the device will bring; root only. */
  static FuseDevice mount(Path mountPoint, KernelOptions options) throws IOException {
    int descriptor = LIBC.open(DEVICE, O_RDWR | O_CLOEXEC);
    if (descriptor < 0) {
      throw failure("open " + DEVICE);
    }
    String ofTheKernel = options.ofTheKernel();
    String all = "fd=" + descriptor + ",rootmode=40000,user_id=0,group_id=0";
    int mounted =
        LIBC.mount(
            options.source(),
            mountPoint.toString(),
            MountType.NAME,
            MS_RDONLY | MS_NOSUID | MS_NODEV | options.flags(),
            ofTheKernel.isEmpty() ? all : all + "," + ofTheKernel);
    if (mounted != 0) {
      IOException failure = failure("mount at " + mountPoint);
      LIBC.close(descriptor);
      throw failure;
    }
    return new FuseDevice(mountPoint, descriptor);
  }

  /** Unmounts at once, whoever uses it; root only. */
  static void detach(Path mountPoint) throws IOException {
    if (LIBC.umount2(mountPoint.toString(), MNT_DETACH) != 0) {
      throw failure("unmount " + mountPoint);
    }
  }

  /**
   * Waits for a request and reads it.
   *
   * @param request direct; holds the request afterwards
   * @return false if nothing is mounted any more
   */
  boolean read(ByteBuffer request) throws IOException {
    request.clear();
    while (true) {
      long count = LIBC.read(descriptor, request, request.capacity());
      if (count >= 0) {
        request.limit((int) count);
        return true;
      }
      switch (Errno.valueOf(RUNTIME.getLastError())) {
        case ENODEV:
        case ECONNABORTED:
        case EBADF:
          return false;
        case ENOMEM: // The request that could not be read has been answered by the kernel.
          pause();
          break;
        case EINTR:
        case EAGAIN:
        case ENOENT: // The request was interrupted before it could be read.
          break;
        default:
          throw failure("read from " + DEVICE);
      }
    }
  }

  private static void pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(SHORT_MS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Sends a reply or a notification, from its position to its limit; a reply whose request is gone
   * is forgotten, and a notification of what the kernel does not know.
   */
  @Override
  public void write(ByteBuffer message) throws IOException {
    write(descriptor, message);
  }

  /**
   * As {@link #write(ByteBuffer)}, to a device that libfuse has opened.
   *
   * @param open a descriptor of this process, which may be closed and be another file's at any time
   */
  static void notifyAnother(int open, ByteBuffer notification) throws IOException {
    int copy = LIBC.fcntl(open, F_DUPFD_CLOEXEC, 0);
    if (copy < 0) {
      return;
    }
    try {
      if (isDevice(copy)) {
        write(copy, notification);
      }
    } finally {
      LIBC.close(copy);
    }
  }

  /** Whether a descriptor of this process is one of the kernel's requests. */
  static boolean isDevice(int descriptor) {
    try {
      Path file = Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor));
      return file.equals(Path.of(DEVICE));
    } catch (IOException e) {
      // It was closed a moment ago.
      return false;
    }
  }

  private static void write(int descriptor, ByteBuffer message) throws IOException {
    // A slice: jnr-ffi passes on where the memory begins, whatever the position.
    if (LIBC.write(descriptor, message.slice(), message.remaining()) >= 0) {
      return;
    }
    Errno error = Errno.valueOf(RUNTIME.getLastError());
    if (error != Errno.ENOENT && error != Errno.ENODEV) {
      throw failure("write to " + DEVICE);
    }
  }

  @Override
  public int openBacking(Path file) throws IOException {
    int opened = LIBC.open(file.toString(), O_RDONLY | O_CLOEXEC);
    if (opened < 0) {
      if (Errno.valueOf(RUNTIME.getLastError()) == Errno.ENOENT) {
        throw new NoSuchFileException(file.toString());
      }
      throw failure("open " + file);
    }
    try {
      ByteBuffer map = ByteBuffer.allocateDirect(BACKING_BYTES).order(ByteOrder.nativeOrder());
      map.putInt(0, opened);
      int backing = LIBC.ioctl(descriptor, BACKING_OPEN, map);
      if (backing > 0) {
        return backing;
      }
      IOException failure = failure("hand " + file + " to the kernel");
      throw isForGood(Errno.valueOf(RUNTIME.getLastError()))
          ? new Passthrough.RefusedException(failure.getMessage())
          : failure;
    } finally {
      LIBC.close(opened);
    }
  }

  /**
   * Whether the kernel refuses every file for that reason: it asks for rights of this process, for
   * a file system that is none of several layers, and to know the request at all. Source:
   * fuse_backing_open in fs/fuse/passthrough.c.
   */
  static boolean isForGood(Errno error) {
    switch (error) {
      case EPERM:
      case EINVAL:
      case ELOOP:
      case ENOTTY:
      case ENOSYS:
      case EOPNOTSUPP:
        return true;
      default:
        return false;
    }
  }

  @Override
  public void closeBacking(int backing) throws IOException {
    ByteBuffer id = ByteBuffer.allocateDirect(Integer.BYTES).order(ByteOrder.nativeOrder());
    id.putInt(0, backing);
    if (LIBC.ioctl(descriptor, BACKING_CLOSE, id) != 0) {
      throw failure("take back file " + backing + " from the kernel");
    }
  }

  /**
   * Unmounts; whoever still uses the mount gets errors from now on. {@link #read} returns false
   * then, and only then may the device be closed.
   */
  void unmount() throws IOException {
    String target = mountPoint.toString();
    if (LIBC.umount2(target, 0) == 0) {
      return;
    }
    LIBC.umount2(target, MNT_FORCE);
    if (LIBC.umount2(target, MNT_DETACH) != 0
        && RUNTIME.getLastError() != Errno.EINVAL.intValue()) {
      throw failure("unmount " + target);
    }
  }

  @Override
  public void close() {
    LIBC.close(descriptor);
  }

  private static IOException failure(String what) {
    Errno error = Errno.valueOf(RUNTIME.getLastError());
    return new IOException("Cannot " + what + ": " + error.description() + " (" + error + ")");
  }
}
