// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.trust;

import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/** An attribute of {@code /} without a master. Thread-safe. */
final class FakeIdentityStore implements IdentityStore {
  final AtomicReference<byte[]> kept = new AtomicReference<>();
  volatile IOException readFailure;
  volatile IOException writeFailure;
  volatile byte[] winsTheRace;

  @Override
  public Optional<byte[]> get() throws IOException {
    if (readFailure != null) {
      throw readFailure;
    }
    return Optional.ofNullable(kept.get());
  }

  @Override
  public void putIfAbsent(byte[] identity) throws IOException {
    if (writeFailure != null) {
      throw writeFailure;
    }
    kept.compareAndSet(null, winsTheRace == null ? identity : winsTheRace);
  }

  @Override
  public void close() {}
}
