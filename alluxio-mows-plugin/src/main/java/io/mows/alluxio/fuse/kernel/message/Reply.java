// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.fuse.kernel.message;

import alluxio.client.file.URIStatus;
import io.mows.alluxio.master.PathStatus;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;

/**
 * Builds replies to the kernel, one after the other in the same memory. For one thread.
 *
 * <p>Source: linux/fuse.h, whose structures are named in the comments.
 */
public final class Reply {
  public static final int PAGE_BYTES = 4096;
  private static final int HEADER_BYTES = 16;
  private static final int BODY_AT = PAGE_BYTES;
  private static final int SECTOR_BYTES = 512;
  public static final int NAME_MAX = 255;

  /** As many as anybody wants. */
  private static final long INODES = Integer.MAX_VALUE;

  private static final int DIRENT_BYTES = 24;
  private static final int ENTRY_BYTES = 128;

  /** The last fields of a struct fuse_attr are mode, nlink, uid, gid, rdev, blksize and flags. */
  private static final int ATTR_MODE_FROM_END = 7 * Integer.BYTES;

  private static final int S_IFDIR = 0040000;
  private static final int S_IFREG = 0100000;
  private static final int DT_DIR = 4;
  private static final int DT_REG = 8;

  private final Owner owner;

  /** The body begins with a page, so that file data is copied page by page. */
  private final ByteBuffer bytes;

  /**
   * @param maxBodyBytes what the longest body needs
   */
  public Reply(int maxBodyBytes, Owner owner) {
    this.bytes = ByteBuffer.allocateDirect(BODY_AT + maxBodyBytes).order(ByteOrder.nativeOrder());
    this.owner = owner;
  }

  /**
   * Whom all files belong to, which modes they are shown with, and how long the kernel may believe
   * what it was told. Immutable.
   */
  public static final class Owner {
    private final int uid;
    private final int gid;
    private final long entryValidMs;
    private final long attributesValidMs;
    private final OptionalInt fileMode;
    private final OptionalInt directoryMode;

    public Owner(int uid, int gid, long entryValidMs, long attributesValidMs) {
      this(uid, gid, entryValidMs, attributesValidMs, OptionalInt.empty(), OptionalInt.empty());
    }

    private Owner(
        int uid,
        int gid,
        long entryValidMs,
        long attributesValidMs,
        OptionalInt fileMode,
        OptionalInt directoryMode) {
      this.uid = uid;
      this.gid = gid;
      this.entryValidMs = entryValidMs;
      this.attributesValidMs = attributesValidMs;
      this.fileMode = fileMode;
      this.directoryMode = directoryMode;
    }

    /**
     * The same with one mode for all files, and one for all directories; where empty, each has its
     * own.
     */
    public Owner showing(OptionalInt files, OptionalInt directories) {
      return new Owner(uid, gid, entryValidMs, attributesValidMs, files, directories);
    }

    private int mode(URIStatus status) {
      return (status.isFolder() ? directoryMode : fileMode).orElse(status.getMode());
    }
  }

  /** Where the body goes, {@code length} bytes of it; its position is where the body ends. */
  public ByteBuffer body(int length) {
    return bytes.clear().position(BODY_AT).limit(BODY_AT + length);
  }

  public ByteBuffer body() {
    return body(bytes.capacity() - BODY_AT);
  }

  /** The whole reply: what was put into the body, behind its header. */
  public ByteBuffer finish(long unique) {
    return seal(unique, 0, bytes.position());
  }

  /**
   * A reply without a body.
   *
   * @param error a positive errno, or 0
   */
  public ByteBuffer status(long unique, int error) {
    return seal(unique, -error, BODY_AT);
  }

  /** struct fuse_out_header. */
  private ByteBuffer seal(long unique, int negatedError, int end) {
    int start = BODY_AT - HEADER_BYTES;
    bytes.clear();
    bytes.putInt(start, end - start);
    bytes.putInt(start + 4, negatedError);
    bytes.putLong(start + 8, unique);
    return bytes.position(start).limit(end);
  }

  /** struct fuse_attr_out. */
  public void attributes(PathStatus status) {
    ByteBuffer out = body();
    long validMs = left(owner.attributesValidMs, status.ageMs());
    valid(out, validMs);
    out.putInt(nanos(validMs)).putInt(0);
    attr(out, status.status());
  }

  /** struct fuse_entry_out. */
  public void entry(long node, PathStatus status) {
    putEntry(body(), node, status.status(), status.ageMs());
  }

  /**
   * struct fuse_entry_out of an empty file with the number of another one, but another generation:
   * from then on the kernel answers with EIO whoever has the other one open (fuse_stale_inode in
   * fs/fuse/fuse_i.h; Linux 5.14).
   */
  public void entryOfAnother(long node) {
    ByteBuffer out = body();
    out.putLong(node).putLong(1);
    for (int i = 0; i < ENTRY_BYTES - 16; i++) {
      out.put((byte) 0);
    }
    out.putInt(out.position() - ATTR_MODE_FROM_END, S_IFREG);
  }

  private void putEntry(ByteBuffer out, long node, URIStatus status, long ageMs) {
    long entryValidMs = left(owner.entryValidMs, ageMs);
    long attributesValidMs = left(owner.attributesValidMs, ageMs);
    out.putLong(node).putLong(0);
    valid(out, entryValidMs);
    valid(out, attributesValidMs);
    out.putInt(nanos(entryValidMs)).putInt(nanos(attributesValidMs));
    attr(out, status);
  }

  /** The kernel believes nothing for longer than it would have if it had been told at once. */
  private static long left(long validMs, long ageMs) {
    return Math.max(0, validMs - ageMs);
  }

  private static void valid(ByteBuffer out, long validMs) {
    out.putLong(TimeUnit.MILLISECONDS.toSeconds(validMs));
  }

  private static int nanos(long ms) {
    return (int) TimeUnit.MILLISECONDS.toNanos(ms % 1000);
  }

  /** struct fuse_attr. */
  private void attr(ByteBuffer out, URIStatus status) {
    boolean folder = status.isFolder();
    long length = folder ? 0 : status.getLength();
    long modifiedMs = status.getLastModificationTimeMs();
    long modifiedS = TimeUnit.MILLISECONDS.toSeconds(modifiedMs);
    out.putLong(ino(status));
    out.putLong(length);
    out.putLong((length + SECTOR_BYTES - 1) / SECTOR_BYTES);
    out.putLong(modifiedS).putLong(modifiedS).putLong(modifiedS);
    out.putInt(nanos(modifiedMs)).putInt(nanos(modifiedMs)).putInt(nanos(modifiedMs));
    out.putInt((folder ? S_IFDIR : S_IFREG) | owner.mode(status));
    out.putInt(1).putInt(owner.uid).putInt(owner.gid).putInt(0).putInt(PAGE_BYTES).putInt(0);
  }

  /**
   * One more than Alluxio's id: its root has 0, which readers of directories take for a deleted
   * entry, and the first directory below it has 1.
   */
  private static long ino(URIStatus status) {
    return status.getFileId() + 1;
  }

  /** struct fuse_open_out. */
  public void opened(long handle, int flags, int backing) {
    body().putLong(handle).putInt(flags).putInt(backing);
  }

  /** struct fuse_ioctl_out: nothing is returned. */
  public void ioctlDone() {
    body().putInt(0).putInt(0).putInt(0).putInt(0);
  }

  /**
   * struct fuse_kstatfs: all of it is free, for what lies there makes room for what is read next.
   * Monitors alarm where nothing is free, or no inode.
   */
  public void fileSystem(long capacityBytes) {
    ByteBuffer out = body();
    long blocks = capacityBytes / PAGE_BYTES;
    out.putLong(blocks).putLong(blocks).putLong(blocks).putLong(INODES).putLong(INODES);
    out.putInt(PAGE_BYTES).putInt(NAME_MAX).putInt(PAGE_BYTES);
    out.putInt(0).putLong(0).putLong(0).putLong(0);
  }

  /** Whether {@link #directoryEntry} would make the body no longer than {@code limitBytes}. */
  public boolean fits(String name, int limitBytes) {
    return fits(direntBytes(name), limitBytes);
  }

  /**
   * Adds a struct fuse_dirent.
   *
   * @param next where the reader goes on after it
   */
  public void directoryEntry(String name, URIStatus status, long next) {
    byte[] utf8 = name.getBytes(StandardCharsets.UTF_8);
    bytes.putLong(ino(status)).putLong(next).putInt(utf8.length);
    bytes.putInt(status.isFolder() ? DT_DIR : DT_REG);
    bytes.put(utf8);
    for (int i = DIRENT_BYTES + utf8.length; i < padded(DIRENT_BYTES + utf8.length); i++) {
      bytes.put((byte) 0);
    }
  }

  /** As {@link #fits(String, int)}, for {@link #directoryEntryPlus}. */
  public boolean fitsPlus(String name, int limitBytes) {
    return fits(ENTRY_BYTES + direntBytes(name), limitBytes);
  }

  /** As {@link #directoryEntry}, a struct fuse_direntplus: {@code node} is looked up with it. */
  public void directoryEntryPlus(String name, URIStatus status, long next, long node) {
    putEntry(bytes, node, status, 0);
    directoryEntry(name, status, next);
  }

  private static int direntBytes(String name) {
    return padded(DIRENT_BYTES + name.getBytes(StandardCharsets.UTF_8).length);
  }

  private boolean fits(int more, int limitBytes) {
    return bytes.position() - BODY_AT + more <= Math.min(limitBytes, bytes.capacity() - BODY_AT);
  }

  private static int padded(int length) {
    return (length + 7) & ~7;
  }
}
