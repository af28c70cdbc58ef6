// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.fuse.kernel;

import io.mows.alluxio.fuse.kernel.message.FuseInit;
import io.mows.alluxio.fuse.kernel.message.Reply;
import io.mows.alluxio.mount.MountInfo;
import io.mows.p2p.thread.NamedThreads;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A read-only mount that speaks the kernel's protocol itself, without libfuse: so files in memory
 * can be passed through (docs/adr/0013), and bytes that were wrong can be taken back from readers,
 * wherever they are (0015, 0023).
 */
public final class KernelMount implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(KernelMount.class);
  private static final long INIT_MS = 10_000;

  private final FuseDevice device;
  private final FuseInit init;
  private final Notifications notifications;
  private final KernelRequests requests;
  private final RequestLoop loop;

  private KernelMount(
      FuseDevice device,
      FuseInit init,
      Notifications notifications,
      KernelRequests requests,
      RequestLoop loop) {
    this.device = device;
    this.init = init;
    this.notifications = notifications;
    this.requests = requests;
    this.loop = loop;
  }

  /**
   * Mounts {@code files}; root only.
   *
   * @param maxBlocks how many blocks the kernel may read by itself at once; 0: it asks us for all
   * @param openWaitMs how long an open waits at most for a file that will soon be whole
   * @throws IOException if the kernel refuses; nothing is mounted then
   */
  public static KernelMount mount(
      Path mountPoint, MountedFiles files, KernelOptions options, int maxBlocks, long openWaitMs)
      throws IOException {
    // Before anything is mounted: it may fail.
    Reply.Owner owner =
        new Reply.Owner(
                options.uid().orElse(id("unix:uid")),
                options.gid().orElse(id("unix:gid")),
                options.entryValidMs(),
                options.attributesValidMs())
            .showing(options.fileMode(), options.directoryMode());
    FuseDevice device = FuseDevice.mount(mountPoint, options);
    FuseInit init = new FuseInit(maxBlocks > 0);
    Notifications notifications = new Notifications(device);
    KernelRequests requests =
        new KernelRequests(
            files,
            owner,
            options.directIo(),
            init,
            new Passthrough(device, init, maxBlocks),
            notifications,
            openWaitMs,
            new LateReplies(device::write, owner));
    RequestLoop loop = new RequestLoop(device, requests, init, options.maxThreads());
    KernelMount mount = new KernelMount(device, init, notifications, requests, loop);
    loop.start();
    files.onDropped(fileId -> requests.dropped().drop(fileId, mountPoint));
    try {
      if (!init.await(INIT_MS)) {
        throw new IOException("The kernel does not begin to use the mount at " + mountPoint);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      mount.close();
      throw new IOException("Interrupted while mounting at " + mountPoint, e);
    } catch (IOException e) {
      mount.close();
      throw e;
    }
    return mount;
  }

  /**
   * Takes away a mount whose server has died; without that nobody can mount there again.
   *
   * @throws IOException if it cannot be taken away
   */
  public static void removeDead(Path mountPoint) throws IOException {
    try {
      Files.readAttributes(mountPoint, BasicFileAttributes.class);
    } catch (AccessDeniedException e) {
      LOG.debug("Somebody else's", e);
    } catch (FileSystemException e) {
      if (isFuse(mountPoint)) {
        FuseDevice.detach(mountPoint);
        LOG.info("{} was still mounted by a worker that has died; unmounted", mountPoint);
      }
    }
  }

  private static boolean isFuse(Path mountPoint) throws IOException {
    return MountInfo.of(Files.readAllLines(Path.of("/proc/self/mountinfo")).stream())
        .anyMatch(mount -> mount.point().equals(mountPoint) && mount.type().startsWith("fuse"));
  }

  private static int id(String attribute) throws IOException {
    return (Integer) Files.getAttribute(Path.of("/proc/self"), attribute);
  }

  /** Whether files that are whole in memory are read by the kernel itself. */
  public boolean passesThrough() {
    return init.passesThrough();
  }

  @Override
  public void close() throws IOException {
    requests.stopWaiting();
    device.unmount();
    try {
      boolean silent = notifications.awaitEnd();
      if (!loop.awaitEnd(NamedThreads.SHUTDOWN_MS) || !silent) {
        // Its descriptor stays open, for they still read from it or write to it.
        LOG.warn("The mows-fuse threads did not end within {} ms", NamedThreads.SHUTDOWN_MS);
        return;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return;
    }
    requests.close();
    device.close();
  }
}
