// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch.io;

import io.mows.p2p.thread.NamedThreads;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.function.BiConsumer;

/**
 * Runs what may block on local I/O, the store's locks or the Alluxio master. Any thread.
 *
 * <p>Room for one block is asked for and given back in the order of the calls: a block must not be
 * reserved before its last abort has ended. Commits have threads of their own because they talk to
 * the Alluxio master; while it is away, readers still get room.
 */
public final class StoreThreads {
  private static final int ROOM_THREADS = 2;
  private static final int COMMIT_THREADS = 2;
  private static final int SERVING_THREADS = 2;
  private static final int TWIN_THREADS = 2;

  private final List<ExecutorService> room = new ArrayList<>();
  private final ExecutorService commits;
  private final NappingThreads serving;
  private final ExecutorService twins;

  public StoreThreads(ThreadFactory threads) {
    for (int i = 0; i < ROOM_THREADS; i++) {
      room.add(Executors.newSingleThreadExecutor(threads));
    }
    this.commits = Executors.newFixedThreadPool(COMMIT_THREADS, threads);
    this.serving = new NappingThreads(threads, SERVING_THREADS);
    this.twins = Executors.newFixedThreadPool(TWIN_THREADS, threads);
  }

  /**
   * Reserves, aborts or removes.
   *
   * @param then told the outcome by the thread that did it
   */
  public <T> void room(long blockId, Callable<T> call, BiConsumer<T, Throwable> then) {
    execute(room.get((int) Math.floorMod(blockId, (long) ROOM_THREADS)), call, then);
  }

  /** Commits. */
  public <T> void commit(Callable<T> call, BiConsumer<T, Throwable> then) {
    execute(commits, call, then);
  }

  /** Opens and closes what peers are sent, several times for each piece. */
  public <T> void serve(Callable<T> call, BiConsumer<T, Throwable> then) {
    Runnable task = () -> finish(call, then);
    if (!serving.run(task)) {
      task.run();
    }
  }

  /** Looks for twins, which may ask the origin: nobody who can do without waits for that. */
  public <T> void findTwin(Callable<T> call, BiConsumer<T, Throwable> then) {
    execute(twins, call, then);
  }

  private static <T> void execute(
      ExecutorService thread, Callable<T> call, BiConsumer<T, Throwable> then) {
    Runnable task = () -> finish(call, then);
    try {
      thread.execute(task);
    } catch (RejectedExecutionException e) {
      // The engine is closing: what is still to be given back is given back by its own thread.
      task.run();
    }
  }

  private static <T> void finish(Callable<T> call, BiConsumer<T, Throwable> then) {
    T result;
    try {
      result = call.call();
    } catch (Exception | Error e) {
      then.accept(null, e);
      return;
    }
    then.accept(result, null);
  }

  /** Ends all threads when they have done what waits; waits for that. */
  public void shutDown() {
    List<ExecutorService> all = new ArrayList<>();
    // What they find is for the others.
    all.add(twins);
    all.addAll(room);
    all.add(commits);
    serving.shutDown();
    all.forEach(threads -> NamedThreads.shutDown(threads, "mows-store"));
  }
}
