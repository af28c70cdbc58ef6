// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.fuse;

import alluxio.jnifuse.struct.Fuse3FuseFileInfo;
import alluxio.jnifuse.struct.FuseFileInfo;
import com.google.common.cache.Cache;
import com.google.common.cache.CacheBuilder;

/**
 * Lets the kernel keep the pages of a file from one open to the next, as long as it is the same
 * version of the file: then processes that map the same weights share the pages, and a second load
 * does not ask us at all. A new version has a new id, and its first open drops the old pages.
 * Thread-safe.
 *
 * <p>Source: struct fuse_file_info in libfuse's fuse_common.h; the bit is called keep_cache.
 */
final class PageCachePolicy {
  /**
   * The bit fields follow the flags in libfuse 3; direct_io is the second, keep_cache the third.
   */
  private static final int BITS_OFFSET = 4;

  private static final int DIRECT_IO = 1 << 1;
  private static final int KEEP_CACHE = 1 << 2;

  /** In libfuse 2 they follow two other fields, and direct_io is the first. */
  private static final int BITS_OFFSET_2 = 20;

  private static final int DIRECT_IO_2 = 1;

  private final Cache<String, String> lastOpened =
      CacheBuilder.newBuilder().maximumSize(100_000).build();

  /**
   * Whether {@code path} was opened in this version the last time.
   *
   * @param version another one when the pages from before must not be used any more
   */
  boolean keepsPages(String path, String version) {
    return version.equals(lastOpened.asMap().put(path, version));
  }

  /** Tells libfuse that this open file goes on with the pages from before. */
  static void keep(FuseFileInfo fi) {
    if (fi instanceof Fuse3FuseFileInfo) {
      set(fi, BITS_OFFSET, KEEP_CACHE);
    }
  }

  /** Tells libfuse that reads of this open file neither find nor leave pages. */
  static void goPast(FuseFileInfo fi) {
    if (fi instanceof Fuse3FuseFileInfo) {
      set(fi, BITS_OFFSET, DIRECT_IO);
    } else {
      set(fi, BITS_OFFSET_2, DIRECT_IO_2);
    }
  }

  private static void set(FuseFileInfo fi, int offset, int bit) {
    fi.buffer.putInt(offset, fi.buffer.getInt(offset) | bit);
  }
}
