// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch;

import io.mows.p2p.fetch.FileStatus.Proof;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** What workers have of files, as tests make it up; in this package as {@link FakeProgress}. */
public final class FakeStatus {
  private FakeStatus() {}

  public static FileStatus cold(long lengthBytes) {
    return arriving(lengthBytes, 0, 0, 0, Optional.empty(), false);
  }

  public static FileStatus whole(long lengthBytes, Proof proof) {
    ArrivedBytes.Arrived arrived = new ArrivedBytes.Arrived(lengthBytes, 1, 0, 0);
    return new FileStatus(lengthBytes, lengthBytes, true, false, proof, arrived, Optional.empty());
  }

  /**
   * @param recentBytes of {@code recentS} seconds
   */
  public static FileStatus arriving(
      long lengthBytes, long heldBytes, long recentBytes, long recentS) {
    return arriving(lengthBytes, heldBytes, recentBytes, recentS, Optional.empty(), true);
  }

  public static FileStatus waiting(long lengthBytes, String waitsFor) {
    return arriving(lengthBytes, 0, 0, 0, Optional.of(waitsFor), true);
  }

  private static FileStatus arriving(
      long lengthBytes,
      long heldBytes,
      long recentBytes,
      long recentS,
      Optional<String> waitsFor,
      boolean arriving) {
    ArrivedBytes.Arrived arrived =
        new ArrivedBytes.Arrived(0, 0, recentBytes, TimeUnit.SECONDS.toNanos(recentS));
    return new FileStatus(lengthBytes, heldBytes, false, arriving, Proof.NONE, arrived, waitsFor);
  }
}
