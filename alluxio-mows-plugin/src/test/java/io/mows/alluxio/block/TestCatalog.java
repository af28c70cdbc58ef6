// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.block;

import io.mows.alluxio.conf.PathPrefixes;
import java.io.IOException;

/** Catalogs of tests in which everything that is known of a file is handed over with it. */
public final class TestCatalog {
  private TestCatalog() {}

  /** One that fails if it has to ask the master. */
  public static FileCatalog withoutMaster(PathPrefixes paths, int pieceBytes) {
    return new FileCatalog(
        id -> {
          throw new IOException("not asked");
        },
        paths,
        pieceBytes,
        "crc32.txt");
  }
}
