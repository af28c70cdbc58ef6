// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.fuse.kernel;

import alluxio.exception.AlluxioException;
import io.mows.alluxio.fuse.kernel.Inodes.Inode;
import io.mows.alluxio.fuse.kernel.MountedFiles.MountedFile;
import io.mows.alluxio.fuse.kernel.message.FuseFailure;
import io.mows.alluxio.fuse.kernel.message.Reply;
import io.mows.alluxio.fuse.kernel.message.Request;
import io.mows.p2p.fetch.Arrival;
import io.mows.p2p.fetch.PendingRead;
import java.io.IOException;
import java.util.Optional;
import jnr.constants.platform.Errno;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The files that the kernel has opened. Thread-safe. */
final class OpenFiles {
  private static final Logger LOG = LoggerFactory.getLogger(OpenFiles.class);

  private static final int ACCESS_MODE = 3;
  private static final int O_NONBLOCK = 04000;
  private static final int FOPEN_DIRECT_IO = 1;
  private static final int FOPEN_KEEP_CACHE = 1 << 1;
  private static final int FOPEN_PASSTHROUGH = 1 << 7;

  private final MountedFiles files;
  private final boolean directIo;
  private final Inodes inodes;
  private final Passthrough passthrough;
  private final Forgetting forgetting;
  private final WaitingOpens waiting;
  private final WaitingReads reads;
  private final LateReplies late;
  private final OpenTable<OpenFile> open = new OpenTable<>();

  /**
   * @param directIo whether reads go past the kernel's page cache
   */
  OpenFiles(
      MountedFiles files,
      boolean directIo,
      Inodes inodes,
      Passthrough passthrough,
      Forgetting forgetting,
      WaitingOpens waiting,
      WaitingReads reads,
      LateReplies late) {
    this.files = files;
    this.directIo = directIo;
    this.inodes = inodes;
    this.passthrough = passthrough;
    this.forgetting = forgetting;
    this.waiting = waiting;
    this.reads = reads;
    this.late = late;
  }

  private static final class OpenFile {
    private final Inode inode;
    private final MountedFile file;

    OpenFile(Inode inode, MountedFile file) {
      this.inode = inode;
      this.file = file;
    }
  }

  /** Returns whether {@code reply} is to be sent; if not, it is answered later. */
  boolean open(Request request, Inode inode, Reply reply) throws IOException, AlluxioException {
    int flags = request.intAt(0);
    if ((flags & ACCESS_MODE) != 0) {
      throw new FuseFailure(Errno.EROFS);
    }
    MountedFile file = files.open(inode.path());
    boolean mayWait =
        (flags & O_NONBLOCK) == 0 && !isForPageCache(file) && passthrough.mayTake(inode.node());
    Optional<Arrival> arrival = mayWait ? file.arrival() : Optional.empty();
    if (arrival.isPresent()) {
      Waiting opener = new Waiting(request.unique(), inode, file);
      if (waiting.add(request.unique(), arrival.get(), opener)) {
        return false;
      }
    }
    opened(inode, file, reply);
    return true;
  }

  /** A request that is answered later. */
  private final class Waiting implements WaitingOpens.Opener {
    private final long unique;
    private final Inode inode;
    private final MountedFile file;

    Waiting(long unique, Inode inode, MountedFile file) {
      this.unique = unique;
      this.inode = inode;
      this.file = file;
    }

    @Override
    public boolean wantsWhole() {
      return passthrough.mayTake(inode.node()) && inodes.isOfThisRound(inode);
    }

    @Override
    public void open() {
      late.send(unique, inode.path(), reply -> opened(inode, file, reply));
    }

    @Override
    public void fail(IOException why) {
      late.send(
          unique,
          inode.path(),
          reply -> {
            file.close();
            throw why;
          });
    }
  }

  private void opened(Inode inode, MountedFile file, Reply reply) throws IOException {
    if (!inode.isStill(file.fileId()) || !inodes.isOfThisRound(inode)) {
      file.close();
      throw new FuseFailure(Errno.ESTALE);
    }
    long handle = open.put(new OpenFile(inode, file));
    Optional<Integer> backing =
        isForPageCache(file) ? Optional.empty() : passthrough.opened(inode.node(), file);
    if (backing.isPresent() && !inodes.isOfThisRound(inode)) {
      // The kernel was told of it when its bytes had just been dropped.
      release(handle);
      throw new FuseFailure(Errno.ESTALE);
    }
    if (backing.isPresent()) {
      file.passedThrough();
      reply.opened(handle, FOPEN_PASSTHROUGH, backing.get());
    } else if (directIo) {
      reply.opened(handle, FOPEN_DIRECT_IO, 0);
    } else {
      reply.opened(handle, file.keepsPages() ? FOPEN_KEEP_CACHE : 0, 0);
    }
  }

  /**
   * Where the kernel keeps pages, a small file is hot there: it opens it with one question and
   * knows its name on. To hand over a block takes as long as to read a good deal of it, and the
   * name has to be dropped after each close.
   */
  private boolean isForPageCache(MountedFile file) {
    return !directIo && file.isSmall();
  }

  /**
   * Puts what is read into {@code reply}, {@code length} bytes or all until the file ends.
   *
   * @return whether {@code reply} is to be sent; if not, it is answered when the bytes have come
   */
  boolean read(Request request, int length, Reply reply) throws IOException {
    OpenFile opened = open.get(request.longAt(0));
    if (opened == null) {
      throw new FuseFailure(Errno.EBADF);
    }
    long position = request.longAt(8);
    Optional<PendingRead> pending = opened.file.pending(position, length);
    if (pending.isPresent()) {
      reads.add(request.unique(), opened.inode.path(), length, pending.get());
      return false;
    }
    opened.file.read(position, reply.body(length));
    return true;
  }

  void release(long handle) throws IOException {
    OpenFile closed = open.remove(handle);
    if (closed != null) {
      close(closed);
    }
  }

  private void close(OpenFile closed) throws IOException {
    long node = closed.inode.node();
    if (passthrough.released(node)) {
      forgetting.closed(node);
    }
    closed.file.close();
  }

  /** Closes what is still open, when nothing is mounted any more. */
  void close() {
    for (OpenFile left : open.removeAll()) {
      try {
        close(left);
      } catch (IOException e) {
        LOG.warn("{} could not be closed", left.inode.path(), e);
      }
    }
  }
}
