// SPDX-License-Identifier: Apache-2.0
package io.mows.channel.rdma;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** Who waits for the end of which reads of the device, by their ids. Thread-safe. */
final class ReadsUnderWay {
  private final AtomicLong nextId = new AtomicLong(1);
  private final Map<Long, Waiter> waiters = new ConcurrentHashMap<>();

  /** Waits for reads of one id. Called by the thread that waits for the device: returns at once. */
  interface Waiter {
    boolean isOverdue(long nowNs);

    void overdue();

    /**
     * @param error null if all bytes are there
     */
    void completed(String error);
  }

  long nextId() {
    return nextId.getAndIncrement();
  }

  void started(long id, Waiter waiter) {
    waiters.put(id, waiter);
  }

  void ended(long id) {
    waiters.remove(id);
  }

  /** The device is done with the reads of {@code id}, which may have been given up meanwhile. */
  void completed(long id, String error) {
    Waiter waiter = waiters.get(id);
    if (waiter != null) {
      waiter.completed(error);
    }
  }

  void tellOverdue(long nowNs) {
    for (Waiter waiter : waiters.values()) {
      if (waiter.isOverdue(nowNs)) {
        waiter.overdue();
      }
    }
  }
}
