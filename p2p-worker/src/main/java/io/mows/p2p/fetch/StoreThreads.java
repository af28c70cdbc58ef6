// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * Calls the block space where it may block, and hands the outcomes to the engine's thread.
 *
 * <p>Room for one block is asked for and given back in the order of the calls: a block must not be
 * reserved before its last abort has ended. Commits have threads of their own because they talk to
 * the Alluxio master; while it is away, readers still get room.
 */
final class StoreThreads {
  private static final int ROOM_THREADS = 2;
  private static final int COMMIT_THREADS = 2;
  private static final int SERVING_THREADS = 2;

  private final List<ExecutorService> room = new ArrayList<>();
  private final ExecutorService commits;
  private final ExecutorService serving;
  private final Consumer<Runnable> engineThread;

  StoreThreads(ThreadFactory threads, Consumer<Runnable> engineThread) {
    for (int i = 0; i < ROOM_THREADS; i++) {
      room.add(Executors.newSingleThreadExecutor(threads));
    }
    this.commits = Executors.newFixedThreadPool(COMMIT_THREADS, threads);
    this.serving = Executors.newFixedThreadPool(SERVING_THREADS, threads);
    this.engineThread = engineThread;
  }

  /** Reserves or aborts; for the engine's thread. */
  <T> void room(long blockId, Callable<T> call, BiConsumer<T, Throwable> then) {
    execute(room.get((int) Math.floorMod(blockId, (long) ROOM_THREADS)), call, then);
  }

  /** Commits; for the engine's thread. */
  <T> void commit(Callable<T> call, BiConsumer<T, Throwable> then) {
    execute(commits, call, then);
  }

  /** Opens and closes what peers are sent; any thread. */
  <T> void serve(Callable<T> call, BiConsumer<T, Throwable> then) {
    execute(serving, call, then);
  }

  private <T> void execute(
      ExecutorService thread, Callable<T> call, BiConsumer<T, Throwable> then) {
    Runnable task = () -> finish(call, then);
    try {
      thread.execute(task);
    } catch (RejectedExecutionException e) {
      // The engine is closing: what is still to be given back is given back by its own thread.
      task.run();
    }
  }

  private <T> void finish(Callable<T> call, BiConsumer<T, Throwable> then) {
    T result;
    try {
      result = call.call();
    } catch (Exception | Error e) {
      engineThread.accept(() -> then.accept(null, e));
      return;
    }
    engineThread.accept(() -> then.accept(result, null));
  }

  /** All threads, to be ended. */
  List<ExecutorService> all() {
    List<ExecutorService> all = new ArrayList<>(room);
    all.add(commits);
    all.add(serving);
    return all;
  }
}
