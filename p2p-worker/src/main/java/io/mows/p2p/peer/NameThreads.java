// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.peer;

import io.mows.p2p.thread.NamedThreads;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * The threads that wait for name servers, called {@code mows-resolve}, so that the engine's thread
 * does not. Thread-safe.
 */
final class NameThreads implements AutoCloseable {
  /** So many names may be without an answer before others have to wait. */
  static final int THREADS = 16;

  private static final long IDLE_THREAD_S = 10;

  private final HostResolver resolver;
  private final Executor engineThread;
  private final ThreadPoolExecutor threads;

  /**
   * @param engineThread runs a task on the engine's thread unless that has ended
   */
  NameThreads(HostResolver resolver, Executor engineThread) {
    this.resolver = resolver;
    this.engineThread = engineThread;
    this.threads =
        new ThreadPoolExecutor(
            THREADS,
            THREADS,
            IDLE_THREAD_S,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            NamedThreads.many("mows-resolve"));
    threads.allowCoreThreadTimeOut(true);
  }

  /** Looks up a name. One of the two is called, on the engine's thread, if that has not ended. */
  void lookUp(String name, Consumer<InetAddress> found, Consumer<Exception> failed) {
    try {
      threads.execute(
          () -> {
            try {
              InetAddress ip = resolver.resolve(name);
              engineThread.execute(() -> found.accept(ip));
            } catch (UnknownHostException | RuntimeException e) {
              engineThread.execute(() -> failed.accept(e));
            }
          });
    } catch (RejectedExecutionException e) {
      failed.accept(e);
    }
  }

  /** Does not wait for a thread that hangs in the resolver. */
  @Override
  public void close() {
    threads.shutdownNow();
  }
}
