// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.fuse;

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
  /** The bit fields follow the flags in libfuse 3; keep_cache is the third of them. */
  private static final int BITS_OFFSET = 4;

  private static final int KEEP_CACHE = 1 << 2;

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

  /** Tells libfuse. */
  void opened(boolean keepsPages, FuseFileInfo fi) {
    if (keepsPages && fi instanceof alluxio.jnifuse.struct.Fuse3FuseFileInfo) {
      fi.buffer.putInt(BITS_OFFSET, fi.buffer.getInt(BITS_OFFSET) | KEEP_CACHE);
    }
  }
}
