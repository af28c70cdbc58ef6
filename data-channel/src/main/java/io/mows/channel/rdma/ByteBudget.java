// SPDX-License-Identifier: Apache-2.0
package io.mows.channel.rdma;

import java.util.concurrent.atomic.AtomicLong;

/** So many bytes and no more. Thread-safe. */
final class ByteBudget {
  private final long totalBytes;
  private final AtomicLong takenBytes = new AtomicLong();

  ByteBudget(long totalBytes) {
    this.totalBytes = totalBytes;
  }

  /** Takes so many bytes; false if they are not there. */
  boolean take(long bytes) {
    if (takenBytes.addAndGet(bytes) <= totalBytes) {
      return true;
    }
    takenBytes.addAndGet(-bytes);
    return false;
  }

  void giveBack(long bytes) {
    takenBytes.addAndGet(-bytes);
  }

  long takenBytes() {
    return takenBytes.get();
  }
}
