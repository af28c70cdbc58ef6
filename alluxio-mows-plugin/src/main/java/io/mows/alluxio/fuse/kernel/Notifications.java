// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.fuse.kernel;

import io.mows.p2p.thread.NamedThreads;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What we tell the kernel without being asked. The methods return at once; thread-safe.
 *
 * <p>The kernel takes a notification under locks that it holds while it waits for our answers (the
 * directory's during a look-up, a page's during a read). So they are sent by a thread that answers
 * nothing, {@code mows-fuse-notify}, or the mount could stand still.
 *
 * <p>Source: enum fuse_notify_code and its structures in linux/fuse.h, fs/fuse/dev.c.
 */
final class Notifications implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Notifications.class);
  private static final String THREAD = "mows-fuse-notify";

  private static final int HEADER_BYTES = 16;
  private static final int INVAL_INODE = 2;
  private static final int INVAL_ENTRY = 3;

  private final Sink kernel;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(NamedThreads.one(THREAD));

  Notifications(Sink kernel) {
    this.kernel = kernel;
  }

  /** Where notifications go to. */
  interface Sink {
    /**
     * Sends one, from its position to its limit; one that is about something the kernel does not
     * know (any more) is forgotten. May wait for requests to be answered.
     *
     * @param notification direct, in native byte order
     */
    void write(ByteBuffer notification) throws IOException;
  }

  /**
   * The kernel drops the pages and attributes that it has of an inode; who has mapped it reads them
   * anew.
   */
  void dropPages(long node) {
    run(() -> send(pages(node)), 0);
  }

  /**
   * The kernel looks a name up again when it is used next. It forgets the inode as soon as nothing
   * has it open or mapped.
   *
   * @param parent the directory's inode
   */
  void dropName(long parent, String name) throws IOException {
    send(name(parent, name));
  }

  /** Runs {@code task} on the thread of the notifications. */
  void run(Task task, long delayMs) {
    try {
      thread.schedule(() -> tryTo(task), delayMs, TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      LOG.debug("Nothing is mounted any more", e);
    }
  }

  /** Something that sends notifications. */
  interface Task {
    void run() throws IOException;
  }

  private static void tryTo(Task task) {
    try {
      task.run();
    } catch (IOException | RuntimeException e) {
      LOG.warn("The kernel was not told that what it keeps of a file is out of date", e);
    }
  }

  private void send(ByteBuffer notification) throws IOException {
    kernel.write(notification);
  }

  /** struct fuse_notify_inval_inode_out: all of the file, and its attributes. */
  private static ByteBuffer pages(long node) {
    return notification(INVAL_INODE, 24).putLong(node).putLong(0).putLong(0).flip();
  }

  /** struct fuse_notify_inval_entry_out, and the name. */
  private static ByteBuffer name(long parent, String name) {
    byte[] utf8 = name.getBytes(StandardCharsets.UTF_8);
    return notification(INVAL_ENTRY, 16 + utf8.length + 1)
        .putLong(parent)
        .putInt(utf8.length)
        .putInt(0)
        .put(utf8)
        .put((byte) 0)
        .flip();
  }

  /** struct fuse_out_header of something that answers no request. */
  private static ByteBuffer notification(int code, int bodyBytes) {
    int length = HEADER_BYTES + bodyBytes;
    return ByteBuffer.allocateDirect(length)
        .order(ByteOrder.nativeOrder())
        .putInt(length)
        .putInt(code)
        .putLong(0);
  }

  /**
   * Waits until none is being sent.
   *
   * @return false if that took too long
   */
  boolean awaitEnd() {
    NamedThreads.stop(thread, THREAD);
    return thread.isTerminated();
  }

  @Override
  public void close() {
    awaitEnd();
  }
}
