// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch.io;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * How a thread rests that has nothing to do: it sleeps until somebody wakes it. To sleep, to wake
 * and to look at everything again costs many times what most of the news are that it is woken for.
 * So while they come in quick succession it takes a nap first, which only what cannot wait ends
 * early; what has come by then is dealt with together, also what had come before the nap began.
 *
 * <p>The methods that end a rest are for any thread.
 */
final class LoopRest {
  /** What can wait does so for that long at most, and for what a timer of the machine is late. */
  static final long NAP_NS = TimeUnit.MICROSECONDS.toNanos(200);

  /** After a shorter rest than that, the next one begins with a nap. */
  private static final long SHORT_NS = 2 * NAP_NS;

  private static final int AWAKE = 0;
  private static final int NAPPING = 1;
  private static final int ASLEEP = 2;

  private final Parking parking;
  private volatile int state = AWAKE;

  /** Something has come since the last rest that cannot wait. */
  private volatile boolean isWanted;

  private boolean naps;

  /** How a thread is stopped and started. */
  interface Parking {
    /** As the machine does it. */
    Parking MACHINE =
        new Parking() {
          @Override
          public long nanoTime() {
            return System.nanoTime();
          }

          @Override
          public void park(long ns) {
            LockSupport.parkNanos(this, ns);
          }

          @Override
          public void unpark(Thread thread) {
            LockSupport.unpark(thread);
          }
        };

    long nanoTime();

    /** For so long, or until {@link #unpark}, now or before; or for no reason. */
    void park(long ns);

    void unpark(Thread thread);
  }

  LoopRest(Parking parking) {
    this.parking = parking;
  }

  /** There is something to do that cannot wait. */
  void end(Thread thread) {
    if (!isWanted) {
      isWanted = true;
    }
    if (state != AWAKE) {
      parking.unpark(thread);
    }
  }

  /**
   * There is something to do that a nap need not end for.
   *
   * @return whether the thread slept, and is woken for it
   */
  boolean endSleep(Thread thread) {
    boolean sleeps = state == ASLEEP;
    if (sleeps) {
      parking.unpark(thread);
    }
    return sleeps;
  }

  /** Whether the thread will look by itself, in a moment, for what there is to do. */
  boolean isNapping() {
    return state == NAPPING;
  }

  /**
   * For the thread that rests, when it has dealt with all that it has seen: returns when there is
   * something to do, or for no reason. What has come meanwhile and can wait does not keep it from a
   * nap: there will be more of it.
   *
   * @param isAnything whether there is something to do already
   * @param nowNs by {@link Parking#nanoTime}, as the next one
   * @param untilNs when to return at the latest
   */
  void begin(BooleanSupplier isAnything, long nowNs, long untilNs) {
    boolean mayNap = naps && !isWanted;
    // What has come before this is seen, what comes after it says so again.
    isWanted = false;
    if (!mayNap && isAnything.getAsBoolean()) {
      return;
    }
    long leftNs = untilNs - nowNs;
    if (naps) {
      state = NAPPING;
      if (!isWanted) {
        parking.park(Math.min(NAP_NS, leftNs));
      }
      leftNs = untilNs - parking.nanoTime();
    }
    if (!isAnything.getAsBoolean()) {
      state = ASLEEP;
      if (leftNs > 0 && !isAnything.getAsBoolean()) {
        parking.park(leftNs);
      }
      naps = parking.nanoTime() - nowNs < SHORT_NS;
    }
    state = AWAKE;
    // Nobody interrupts this thread, and if somebody did it must go on to rest.
    Thread.interrupted();
  }
}
