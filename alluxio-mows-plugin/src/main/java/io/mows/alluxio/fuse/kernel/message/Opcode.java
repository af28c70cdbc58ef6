// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.fuse.kernel.message;

import static java.util.stream.Collectors.toUnmodifiableMap;

import java.util.Arrays;
import java.util.Map;

/**
 * The requests that are answered or need none; those that are not here are refused.
 *
 * <p>Source: enum fuse_opcode in linux/fuse.h.
 */
public enum Opcode {
  LOOKUP(1),
  FORGET(2),
  GETATTR(3),
  SETATTR(4, true),
  SYMLINK(6, true),
  MKNOD(8, true),
  MKDIR(9, true),
  UNLINK(10, true),
  RMDIR(11, true),
  RENAME(12, true),
  LINK(13, true),
  OPEN(14),
  READ(15),
  WRITE(16, true),
  STATFS(17),
  RELEASE(18),
  SETXATTR(21, true),
  GETXATTR(22),
  LISTXATTR(23),
  REMOVEXATTR(24, true),
  INIT(26),
  OPENDIR(27),
  READDIR(28),
  RELEASEDIR(29),
  CREATE(35, true),
  INTERRUPT(36),
  DESTROY(38),
  IOCTL(39),
  BATCH_FORGET(42),
  FALLOCATE(43, true),
  READDIRPLUS(44),
  RENAME2(45, true),
  OTHER(-1);

  private static final Map<Integer, Opcode> BY_CODE =
      Arrays.stream(values()).collect(toUnmodifiableMap(opcode -> opcode.code, opcode -> opcode));

  private final int code;
  private final boolean change;

  Opcode(int code) {
    this(code, false);
  }

  Opcode(int code, boolean change) {
    this.code = code;
    this.change = change;
  }

  /** Whether it would write something. */
  public boolean isChange() {
    return change;
  }

  static Opcode of(int code) {
    return BY_CODE.getOrDefault(code, OTHER);
  }
}
