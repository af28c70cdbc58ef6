// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch;

/** How far the fetch of one file is. Immutable. */
public final class FetchProgress {
  private final FileSpec file;
  private final int readablePieces;

  FetchProgress(FileSpec file, int readablePieces) {
    this.file = file;
    this.readablePieces = readablePieces;
  }

  public FileSpec file() {
    return file;
  }

  public int readablePieces() {
    return readablePieces;
  }
}
