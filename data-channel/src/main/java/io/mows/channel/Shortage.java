// SPDX-License-Identifier: Apache-2.0
package io.mows.channel;

import java.util.Locale;

/** What this process, or its machine, has run out of for a moment. */
public final class Shortage {
  /** What lets a worker open more files. */
  public static final String MORE_FILES =
      "a higher limit of open files (ulimit -Hn 65536 before the worker starts, LimitNOFILE=65536 under"
          + " systemd)";

  private static final int MAX_DEPTH = 12;

  private Shortage() {}

  /** Whether {@code failure} is for want of file descriptors (EMFILE, ENFILE). */
  public static boolean isOfFiles(Throwable failure) {
    Throwable each = failure;
    for (int depth = 0; each != null && depth < MAX_DEPTH; depth++) {
      String message = String.valueOf(each.getMessage()).toLowerCase(Locale.ROOT);
      if (message.contains("too many open files")) {
        return true;
      }
      each = each.getCause();
    }
    return false;
  }
}
