// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.locator.protocol;

import io.mows.p2p.locator.FileInfo;
import io.mows.p2p.locator.wire.WireException;
import io.mows.p2p.locator.wire.WireReader;
import io.mows.p2p.locator.wire.WireWriter;

/** An operator's question: all peers, and the files below a path. Immutable. */
public final class StatusQuery {
  public static final int MAX_FILES = 10_000;

  private final String pathPrefix;
  private final int maxFiles;

  public StatusQuery(String pathPrefix, int maxFiles) {
    this.pathPrefix = pathPrefix;
    this.maxFiles = maxFiles;
  }

  public String pathPrefix() {
    return pathPrefix;
  }

  public int maxFiles() {
    return maxFiles;
  }

  void write(WireWriter out) {
    out.putText(pathPrefix).putNumber(maxFiles);
  }

  public static StatusQuery read(WireReader in) throws WireException {
    return new StatusQuery(
        in.readText(FileInfo.MAX_PATH_BYTES, "a path"),
        (int) in.readNumber(MAX_FILES, "the number of files"));
  }
}
