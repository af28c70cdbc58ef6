// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.fuse.kernel;

import io.mows.alluxio.fuse.kernel.message.FuseInit;
import io.mows.alluxio.fuse.kernel.message.Opcode;
import io.mows.alluxio.fuse.kernel.message.Reply;
import io.mows.alluxio.fuse.kernel.message.Request;
import io.mows.p2p.thread.NamedThreads;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The {@code mows-fuse} threads: each waits for a request, answers it and waits for the next. One
 * is always waiting, up to a limit, because an answer may have to wait for the Alluxio master.
 * Thread-safe.
 */
final class RequestLoop {
  private static final Logger LOG = LoggerFactory.getLogger(RequestLoop.class);

  /** At least what the kernel asks for: its header, a write's, and the longest write. */
  private static final int REQUEST_BYTES = 64 << 10;

  /** More than that many do not stay when there is nothing to do. */
  private static final int MAX_IDLE = 10;

  private static final long LIMITED_NS = TimeUnit.MINUTES.toNanos(1);

  private final FuseDevice device;
  private final KernelRequests requests;
  private final FuseInit init;
  private final ThreadFactory threads = NamedThreads.many("mows-fuse");
  private final int mostThreads;
  private int maxThreads;
  private long limitedNs;
  private int running;
  private int idle;

  RequestLoop(FuseDevice device, KernelRequests requests, FuseInit init, int maxThreads) {
    this.device = device;
    this.requests = requests;
    this.init = init;
    this.mostThreads = maxThreads;
    this.maxThreads = maxThreads;
  }

  /** Starts a thread that will wait for a request. */
  synchronized void start() {
    try {
      threads.newThread(this::run).start();
      running++;
      idle++;
    } catch (OutOfMemoryError e) {
      // Not a reason to leave the request unanswered that is at hand.
      limit(running);
      LOG.warn("The mount goes on with {} threads for a minute: {}", running, e.toString());
    }
  }

  private void run() {
    boolean waiting = true;
    boolean isLost = false;
    try {
      ByteBuffer bytes = ByteBuffer.allocateDirect(REQUEST_BYTES).order(ByteOrder.nativeOrder());
      Reply reply = requests.newReply();
      while (waiting && device.read(bytes)) {
        begin();
        waiting = false;
        answer(new Request(bytes), reply);
        waiting = goOn();
      }
    } catch (IOException | RuntimeException | Error e) {
      isLost = true;
      int others = limitToTheOthers();
      LOG.error("A thread of the mount has ended; it goes on with {} for a minute", others, e);
      pause();
    } finally {
      exit(waiting, isLost);
    }
  }

  /** What is short may be there again before this thread is replaced. */
  private static void pause() {
    try {
      TimeUnit.SECONDS.sleep(1);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void answer(Request request, Reply reply) {
    boolean first = request.opcode() == Opcode.INIT;
    Optional<ByteBuffer> answer = requests.answer(request, reply);
    try {
      if (answer.isPresent()) {
        device.write(answer.get());
      }
      if (first) {
        init.finished();
      }
    } catch (IOException e) {
      LOG.error("The answer to {} could not be sent", request, e);
    }
  }

  private synchronized void begin() {
    idle--;
    if (idle == 0 && running < limit()) {
      start();
    }
  }

  /** Returns false if there are enough who wait. */
  private synchronized boolean goOn() {
    if (idle >= MAX_IDLE) {
      return false;
    }
    idle++;
    return true;
  }

  /** Most likely there is no direct memory for more. */
  private synchronized int limitToTheOthers() {
    limit(Math.max(1, running - 1));
    return maxThreads;
  }

  private synchronized void limit(int threads) {
    maxThreads = threads;
    limitedNs = System.nanoTime();
  }

  /** What was short may be there again. */
  private synchronized int limit() {
    if (maxThreads < mostThreads && System.nanoTime() - limitedNs >= LIMITED_NS) {
      maxThreads = mostThreads;
    }
    return maxThreads;
  }

  private synchronized void exit(boolean waiting, boolean isLost) {
    running--;
    idle -= waiting ? 1 : 0;
    if (isLost && running == 0) {
      // Nobody else waits for requests.
      start();
    }
    notifyAll();
  }

  /** Waits until the threads have ended, which they do when nothing is mounted any more. */
  synchronized boolean awaitEnd(long timeoutMs) throws InterruptedException {
    long endNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMs);
    while (running > 0) {
      long leftNs = endNs - System.nanoTime();
      if (leftNs <= 0) {
        return false;
      }
      TimeUnit.NANOSECONDS.timedWait(this, leftNs);
    }
    return true;
  }
}
