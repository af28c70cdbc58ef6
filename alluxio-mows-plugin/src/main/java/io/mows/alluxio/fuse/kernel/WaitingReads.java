// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.fuse.kernel;

import io.mows.alluxio.fuse.kernel.message.FuseFailure;
import io.mows.alluxio.fuse.kernel.message.Reply;
import io.mows.p2p.fetch.PendingRead;
import io.mows.p2p.thread.NamedThreads;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import jnr.constants.platform.Errno;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The reads whose bytes are still on their way. However many there are, they take no thread, so
 * whoever reads what is here does not wait behind them; when the bytes have come, the few {@code
 * mows-fuse-read} threads answer. Thread-safe.
 */
final class WaitingReads implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(WaitingReads.class);
  private static final String THREADS = "mows-fuse-read";

  /** They copy what has come. Only where we fail they wait, for reads of stock Alluxio. */
  private static final int MAX_THREADS = 16;

  private static final int IDLE_SECONDS = 10;

  private final LateReplies late;
  private final Supplier<Reply> newReply;
  private final EarlyInterrupts early;
  private final Map<Long, Waiting> waiting = new HashMap<>();
  private final Queue<Reply> replies = new ConcurrentLinkedQueue<>();
  private final ThreadPoolExecutor threads =
      new ThreadPoolExecutor(
          MAX_THREADS,
          MAX_THREADS,
          IDLE_SECONDS,
          TimeUnit.SECONDS,
          new LinkedBlockingQueue<>(),
          NamedThreads.many(THREADS));
  private boolean closed;

  /**
   * @param newReply with room for the longest read
   */
  WaitingReads(LateReplies late, Supplier<Reply> newReply, EarlyInterrupts early) {
    this.late = late;
    this.newReply = newReply;
    this.early = early;
    threads.allowCoreThreadTimeOut(true);
  }

  private static final class Waiting {
    private final PendingRead pending;
    private final String path;
    private final int bytes;

    Waiting(PendingRead pending, String path, int bytes) {
      this.pending = pending;
      this.path = path;
      this.bytes = bytes;
    }
  }

  /**
   * Answers the read when its bytes are here, or will not come.
   *
   * @param unique the number of its request
   * @param bytes how many it asks for
   * @param pending closed when it is answered
   * @throws FuseFailure if it is to be answered at once, with that
   */
  void add(long unique, String path, int bytes, PendingRead pending) throws FuseFailure {
    synchronized (this) {
      boolean interrupted = early.take(unique);
      if (closed || interrupted) {
        pending.close();
        throw new FuseFailure(interrupted ? Errno.EINTR : Errno.EIO);
      }
      waiting.put(unique, new Waiting(pending, path, bytes));
    }
    pending.arrival().whenComplete((done, failure) -> arrived(unique));
    if (early.take(unique)) {
      interrupt(unique);
    }
  }

  private void arrived(long unique) {
    try {
      threads.execute(() -> answer(unique));
    } catch (RejectedExecutionException e) {
      LOG.debug("Nothing is mounted any more", e);
    } catch (OutOfMemoryError e) {
      // The system gives no thread now; the reader must not wait for the day when it does.
      answer(unique);
    }
  }

  private void answer(long unique) {
    Waiting one = take(unique);
    if (one == null) {
      return;
    }
    Reply idle = replies.poll();
    Reply reply = idle == null ? newReply.get() : idle;
    late.send(
        reply,
        unique,
        one.path,
        to -> {
          try (PendingRead arrived = one.pending) {
            arrived.read(to.body(one.bytes));
          }
        });
    replies.add(reply);
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
      refuse(unique, one, Errno.EINTR);
    }
    return one != null;
  }

  private void refuse(long unique, Waiting one, Errno why) {
    one.pending.close();
    late.send(
        unique,
        one.path,
        reply -> {
          throw new FuseFailure(why);
        });
  }

  /** Answers all who wait; nobody waits from now on. */
  @Override
  public void close() {
    List<Map.Entry<Long, Waiting>> left;
    synchronized (this) {
      closed = true;
      left = new ArrayList<>(waiting.entrySet());
      waiting.clear();
    }
    NamedThreads.stop(threads, THREADS);
    left.forEach(one -> refuse(one.getKey(), one.getValue(), Errno.EIO));
  }
}
