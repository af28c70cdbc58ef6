// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.locator;

/** An operator's question: all peers, and the files below a path. Immutable. */
final class StatusQuery {
  static final int MAX_FILES = 10_000;

  private final String pathPrefix;
  private final int maxFiles;

  StatusQuery(String pathPrefix, int maxFiles) {
    this.pathPrefix = pathPrefix;
    this.maxFiles = maxFiles;
  }

  String pathPrefix() {
    return pathPrefix;
  }

  int maxFiles() {
    return maxFiles;
  }

  void write(WireWriter out) {
    out.putText(pathPrefix).putNumber(maxFiles);
  }

  static StatusQuery read(WireReader in) throws WireException {
    return new StatusQuery(
        in.readText(FileInfo.MAX_PATH_BYTES, "a path"),
        (int) in.readNumber(MAX_FILES, "the number of files"));
  }
}
