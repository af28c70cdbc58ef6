// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch;

import java.util.Optional;

/** How far the fetch of one file is. Immutable. */
public final class FetchProgress {
  private final FileSpec file;
  private final int readablePieces;
  private final Optional<OriginWait> originWait;
  private final Waiters waiters;

  public FetchProgress(
      FileSpec file, int readablePieces, Optional<OriginWait> originWait, Waiters waiters) {
    this.file = file;
    this.readablePieces = readablePieces;
    this.originWait = originWait;
    this.waiters = waiters;
  }

  public FileSpec file() {
    return file;
  }

  public int readablePieces() {
    return readablePieces;
  }

  /** What it waits for, if its origin is away, denies it or sends nothing. */
  public Optional<OriginWait> originWait() {
    return originWait;
  }

  /** Who waits for bytes of it. */
  public Waiters waiters() {
    return waiters;
  }
}
