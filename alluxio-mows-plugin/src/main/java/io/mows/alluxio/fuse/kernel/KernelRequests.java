// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.fuse.kernel;

import alluxio.client.file.URIStatus;
import alluxio.exception.AlluxioException;
import io.mows.alluxio.fuse.kernel.Inodes.Inode;
import io.mows.alluxio.fuse.kernel.message.FuseFailure;
import io.mows.alluxio.fuse.kernel.message.FuseInit;
import io.mows.alluxio.fuse.kernel.message.Opcode;
import io.mows.alluxio.fuse.kernel.message.Reply;
import io.mows.alluxio.fuse.kernel.message.Request;
import io.mows.alluxio.master.PathStatus;
import io.mows.alluxio.metrics.FailureLines;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import jnr.constants.platform.Errno;

/** Answers the kernel's requests. Thread-safe. */
final class KernelRequests {
  /** The longest read that the kernel asks for. */
  private static final int MAX_READ_BYTES = FuseInit.MAX_PAGES * Reply.PAGE_BYTES;

  private final MountedFiles files;
  private final Reply.Owner owner;
  private final FuseInit init;
  private final Passthrough passthrough;
  private final Inodes inodes;
  private final EarlyInterrupts early = new EarlyInterrupts();
  private final WaitingOpens opens;
  private final WaitingReads reads;
  private final OpenFiles openFiles;
  private final OpenDirectories directories;
  private final WantLists wantLists;
  private final ExtendedAttributes attributes;
  private final Forgetting forgetting;
  private final DroppedRounds dropped;
  private final FailureLines lines;

  /**
   * @param directIo whether reads go past the kernel's page cache
   * @param openWaitMs how long an open waits at most; 0 if none does
   */
  KernelRequests(
      MountedFiles files,
      Reply.Owner owner,
      boolean directIo,
      FuseInit init,
      Passthrough passthrough,
      Notifications notifications,
      long openWaitMs,
      LateReplies late) {
    this.files = files;
    this.owner = owner;
    this.init = init;
    this.passthrough = passthrough;
    this.inodes = new Inodes(files::round);
    this.dropped = new DroppedRounds(inodes, passthrough, notifications);
    this.directories = new OpenDirectories(files, this::lookedUp);
    this.lines = late.lines();
    this.wantLists = new WantLists(files, directories);
    this.attributes = new ExtendedAttributes(files);
    this.forgetting =
        new Forgetting(
            inodes, passthrough::isOnlyKept, notifications, Forgetting.LOOKED_UP_AGAIN_MS);
    this.opens = new WaitingOpens(openWaitMs, early);
    this.reads = new WaitingReads(late, this::newReply, early);
    this.openFiles =
        new OpenFiles(files, directIo, inodes, passthrough, forgetting, opens, reads, late);
  }

  /** What the kernel has of files whose bytes were wrong. */
  DroppedRounds dropped() {
    return dropped;
  }

  /** Where one thread builds its replies. */
  Reply newReply() {
    return new Reply(MAX_READ_BYTES, owner);
  }

  /** The answer to send, if one is due. */
  Optional<ByteBuffer> answer(Request request, Reply reply) {
    try {
      return dispatch(request, reply)
          ? Optional.of(reply.finish(request.unique()))
          : Optional.empty();
    } catch (IOException | AlluxioException | RuntimeException | Error e) {
      if (FuseFailure.isUnexpected(e)) {
        lines.failed(place(request), "A " + request.opcode(), e);
      }
      return Optional.of(reply.status(request.unique(), FuseFailure.errno(e).intValue()));
    }
  }

  /** The path that {@code request} is about, as far as it is known. */
  private String place(Request request) {
    Inode inode = inodes.get(request.node());
    if (inode == null) {
      return "node " + request.node();
    }
    return request.opcode() == Opcode.LOOKUP ? inode.child(request.name()) : inode.path();
  }

  /** Returns whether there is to be a reply; what is in its body then is it. */
  private boolean dispatch(Request request, Reply reply) throws IOException, AlluxioException {
    switch (request.opcode()) {
      case INIT:
        init.agree(request, reply.body());
        return true;
      case LOOKUP:
        lookUp(request, reply);
        return true;
      case GETATTR:
        reply.attributes(status(inode(request)));
        return true;
      case OPEN:
        return openFiles.open(request, inode(request), reply);
      case READ:
        return openFiles.read(request, Math.min(request.intAt(16), MAX_READ_BYTES), reply);
      case OPENDIR:
        reply.opened(directories.open(inode(request)), 0, 0);
        return true;
      case READDIR:
      case READDIRPLUS:
        readDirectory(request, reply);
        return true;
      case GETXATTR:
        attributes.get(inode(request).path(), request, reply);
        return true;
      case LISTXATTR:
        attributes.list(inode(request).path(), request, reply);
        return true;
      case IOCTL:
        wantLists.take(request, reply);
        return true;
      case STATFS:
        reply.fileSystem(files.capacityBytes());
        return true;
      case RELEASE:
        openFiles.release(request.longAt(0));
        reply.body();
        return true;
      case RELEASEDIR:
        wantLists.release(request.longAt(0));
        directories.release(request.longAt(0));
        reply.body();
        return true;
      case DESTROY:
        reply.body();
        return true;
      case FORGET:
        forget(request.node(), request.longAt(0));
        return false;
      case BATCH_FORGET:
        forgetBatch(request);
        return false;
      case INTERRUPT:
        interrupt(request.longAt(0));
        return false;
      default:
        throw new FuseFailure(request.opcode().isChange() ? Errno.EROFS : Errno.ENOSYS);
    }
  }

  private void interrupt(long unique) {
    if (!interruptsNow(unique)) {
      early.add(unique);
      // It may have begun to wait before it could know.
      if (interruptsNow(unique)) {
        early.take(unique);
      }
    }
  }

  private boolean interruptsNow(long unique) {
    return opens.interrupt(unique) || reads.interrupt(unique);
  }

  private Inode inode(Request request) throws FuseFailure {
    Inode inode = inodes.get(request.node());
    if (inode == null) {
      throw new FuseFailure(Errno.ESTALE);
    }
    return inode;
  }

  /** What the inode was made for, or nothing: a new version is looked up as another inode. */
  private PathStatus status(Inode inode) throws IOException, AlluxioException {
    PathStatus status = files.status(inode.path());
    if (!inode.isStill(status.status().getFileId())) {
      throw new FuseFailure(Errno.ESTALE);
    }
    return status;
  }

  private void lookUp(Request request, Reply reply) throws IOException, AlluxioException {
    Inode parent = inode(request);
    String name = request.name();
    if (name.getBytes(StandardCharsets.UTF_8).length > Reply.NAME_MAX) {
      // The kernel asks for up to 1,024 bytes, Alluxio would say that there is none.
      throw new FuseFailure(Errno.ENAMETOOLONG);
    }
    Optional<Long> bad = dropped.named(parent, name);
    if (bad.isPresent()) {
      reply.entryOfAnother(bad.get());
      return;
    }
    forgetting.looking(parent.node());
    try {
      PathStatus status = files.status(parent.child(name));
      reply.entry(lookedUp(parent, name, status.status()).node(), status);
    } finally {
      forgetting.looked(parent.node());
    }
  }

  private Inode lookedUp(Inode parent, String name, URIStatus status) {
    Inode inode = inodes.lookedUp(parent, name, status.getFileId());
    forgetting.lookedUp(inode.node());
    return inode;
  }

  private void forget(long node, long lookups) {
    if (inodes.forget(node, lookups)) {
      passthrough.forgotten(node);
    }
  }

  private void forgetBatch(Request request) {
    int count = request.intAt(0);
    for (int i = 0; i < count; i++) {
      forget(request.longAt(8 + 16 * i), request.longAt(16 + 16 * i));
    }
  }

  private void readDirectory(Request request, Reply reply) throws FuseFailure {
    boolean plus = request.opcode() == Opcode.READDIRPLUS;
    if (!directories.read(request.longAt(0), request.longAt(8), request.intAt(16), plus, reply)) {
      throw new FuseFailure(Errno.EBADF);
    }
  }

  /** Answers whoever waits, in an open or for bytes; nobody waits from now on. */
  void stopWaiting() {
    opens.close();
    reads.close();
  }

  /** Closes what is still open, when nothing is mounted any more. */
  void close() {
    openFiles.close();
    wantLists.close();
    passthrough.close();
  }
}
