// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.fuse.kernel;

import io.mows.alluxio.fuse.kernel.message.FuseFailure;
import io.mows.p2p.fetch.Arrival;
import io.mows.p2p.fetch.Arrival.State;
import io.mows.p2p.thread.NamedThreads;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import jnr.constants.platform.Errno;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The opens that are answered when their files are whole in memory, or when that is not worth
 * waiting for any more. However many wait, one thread looks after them, {@code mows-fuse-open}.
 * Thread-safe.
 */
final class WaitingOpens implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(WaitingOpens.class);
  private static final String THREAD = "mows-fuse-open";

  /** How late an open is answered at most because of us. */
  private static final long LOOK_MS = 10;

  private final long limitNs;
  private final EarlyInterrupts early;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(NamedThreads.one(THREAD));
  private final Map<Long, Waiting> waiting = new HashMap<>();
  private boolean looking;
  private boolean closed;

  /**
   * @param limitMs how long an open waits at most; 0 if none does
   */
  WaitingOpens(long limitMs, EarlyInterrupts early) {
    this.limitNs = TimeUnit.MILLISECONDS.toNanos(limitMs);
    this.early = early;
  }

  /** Who has asked for a file. */
  interface Opener {
    /** Whether the file would be handed over if it were whole now. */
    boolean wantsWhole();

    /** To be answered with the file, be it whole or not. */
    void open();

    /** To be answered with an error. */
    void fail(IOException why);
  }

  private static final class Waiting {
    private final Arrival arrival;
    private final Opener opener;
    private final WholeSoon rule;
    private boolean over;

    Waiting(Arrival arrival, Opener opener, WholeSoon rule) {
      this.arrival = arrival;
      this.opener = opener;
      this.rule = rule;
    }

    /** How to answer it now; null if it goes on waiting, or is over. */
    synchronized Runnable decide(long nowNs) {
      if (over) {
        return null;
      }
      try {
        boolean waits =
            opener.wantsWhole()
                && arrival.poll() == State.ARRIVING
                && rule.isWorthIt(arrival.arrivedBytes(), nowNs);
        return waits ? null : opener::open;
      } catch (IOException e) {
        return () -> opener.fail(e);
      } catch (RuntimeException e) {
        LOG.warn("An open does not wait any longer for its file to be whole", e);
        return opener::open;
      }
    }

    /** Nobody waits for the file any more. */
    synchronized void end() {
      over = true;
      arrival.close();
    }
  }

  /**
   * Answers {@code opener} when that is due.
   *
   * @param unique the number of its request
   * @param arrival closed when it is answered
   * @return false if it does not wait: it is to be answered now
   */
  boolean add(long unique, Arrival arrival, Opener opener) {
    WholeSoon rule =
        new WholeSoon(limitNs, arrival.lengthBytes(), arrival.arrivedBytes(), System.nanoTime());
    Waiting added = new Waiting(arrival, opener, rule);
    if (!begin(unique, added)) {
      arrival.close();
      return false;
    }
    if (early.take(unique)) {
      interrupt(unique);
    }
    return true;
  }

  private synchronized boolean begin(long unique, Waiting added) {
    if (closed || limitNs == 0 || early.take(unique)) {
      return false;
    }
    waiting.put(unique, added);
    if (!looking) {
      looking = true;
      lookSoon();
    }
    return true;
  }

  private void lookSoon() {
    try {
      thread.schedule(this::look, LOOK_MS, TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      LOG.debug("Nothing is mounted any more", e);
    }
  }

  private void look() {
    Map<Long, Waiting> all;
    synchronized (this) {
      all = new HashMap<>(waiting);
    }
    all.forEach(
        (unique, one) -> {
          Runnable answer = one.decide(System.nanoTime());
          if (answer != null && take(unique) != null) {
            one.end();
            answer.run();
          }
        });
    synchronized (this) {
      looking = !waiting.isEmpty();
      if (looking) {
        lookSoon();
      }
    }
  }

  /** Whoever takes it answers it; null if somebody has. */
  private synchronized Waiting take(long unique) {
    return waiting.remove(unique);
  }

  /**
   * Whoever waits for the answer to this request does not want it any more.
   *
   * @return whether somebody did
   */
  boolean interrupt(long unique) {
    Waiting one = take(unique);
    if (one != null) {
      one.end();
      one.opener.fail(new FuseFailure(Errno.EINTR));
    }
    return one != null;
  }

  /** Answers all who wait; nobody waits from now on. */
  @Override
  public void close() {
    List<Waiting> left;
    synchronized (this) {
      closed = true;
      left = new ArrayList<>(waiting.values());
      waiting.clear();
    }
    NamedThreads.stop(thread, THREAD);
    for (Waiting one : left) {
      one.end();
      one.opener.fail(new FuseFailure(Errno.EIO));
    }
  }
}
