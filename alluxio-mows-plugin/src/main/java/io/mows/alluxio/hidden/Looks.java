// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.hidden;

import com.google.common.cache.Cache;
import com.google.common.cache.CacheBuilder;
import io.mows.p2p.thread.NamedThreads;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is found by looking at something that may not answer. One thread looks, and again after a
 * while if somebody asks; what was found before stands until then. Thread-safe.
 *
 * @param <T> what is found
 */
public final class Looks<T> implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Looks.class);
  private static final long WAIT_NS = TimeUnit.SECONDS.toNanos(2);

  private final String name;
  private final long againNs;
  private final LongSupplier nanoClock;
  private final Cache<String, Look<T>> looks;
  private final ThreadPoolExecutor thread;

  /** Looks; may wait for long. */
  @FunctionalInterface
  public interface Question<T> {
    List<T> look() throws IOException;
  }

  /** One look, that is over or not. Thread-safe. */
  static final class Look<T> {
    private final long startedNs;
    private final List<T> before;
    private final CompletableFuture<List<T>> found = new CompletableFuture<>();

    Look(long startedNs, List<T> before) {
      this.startedNs = startedNs;
      this.before = before;
    }

    private List<T> known() {
      return found.isDone() && !found.isCompletedExceptionally() ? found.join() : before;
    }
  }

  /**
   * @param name of the thread
   * @param maxKeys that are remembered
   * @param againMs after which there is another look
   */
  public Looks(String name, int maxKeys, long againMs, LongSupplier nanoClock) {
    this.name = name;
    this.againNs = TimeUnit.MILLISECONDS.toNanos(againMs);
    this.nanoClock = nanoClock;
    looks = CacheBuilder.newBuilder().concurrencyLevel(1).maximumSize(maxKeys).build();
    thread =
        new ThreadPoolExecutor(
            1, 1, 1, TimeUnit.SECONDS, new LinkedBlockingQueue<>(maxKeys), NamedThreads.one(name));
    thread.allowCoreThreadTimeOut(true);
  }

  /**
   * What was found under this key, as far as it is known two seconds after the look has begun. What
   * does not answer is waited for once, not by everybody who asks.
   */
  public List<T> of(String key, Question<T> question) {
    return await(begin(key, question));
  }

  /** Begins to look, unless it is not long ago or not over. */
  synchronized Look<T> begin(String key, Question<T> question) {
    long nowNs = nanoClock.getAsLong();
    Look<T> last = looks.getIfPresent(key);
    if (last != null && (!last.found.isDone() || nowNs - last.startedNs < againNs)) {
      return last;
    }
    Look<T> fresh = new Look<>(nowNs, last == null ? List.of() : last.known());
    try {
      thread.execute(() -> look(fresh, key, question));
      looks.put(key, fresh);
    } catch (RejectedExecutionException e) {
      fresh.found.completeExceptionally(e);
    }
    return fresh;
  }

  private static <T> void look(Look<T> fresh, String key, Question<T> question) {
    try {
      fresh.found.complete(question.look());
    } catch (IOException | RuntimeException e) {
      LOG.debug("What is to be found in {} is not known", key, e);
      fresh.found.completeExceptionally(e);
    } finally {
      // Nobody looks again before this look is over.
      fresh.found.completeExceptionally(new IOException("Nothing is known"));
    }
  }

  List<T> await(Look<T> look) {
    try {
      long leftNs = Math.max(0, look.startedNs + WAIT_NS - nanoClock.getAsLong());
      return look.found.get(leftNs, TimeUnit.NANOSECONDS);
    } catch (TimeoutException | ExecutionException e) {
      LOG.debug("What is to be found is not known", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return look.before;
  }

  /** Forgets what nobody will ask for. */
  void retain(Set<String> keys) {
    looks.asMap().keySet().retainAll(keys);
  }

  @Override
  public void close() {
    NamedThreads.stop(thread, name);
  }
}
