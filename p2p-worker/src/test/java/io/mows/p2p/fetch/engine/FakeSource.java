// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch.engine;

import io.mows.channel.Remedy;
import io.mows.channel.TransferException;
import io.mows.p2p.Eventually;
import io.mows.p2p.fetch.FileSpec;
import io.mows.p2p.fetch.Origin;
import io.mows.p2p.fetch.PieceSink;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A source whose content is known ({@link Content}) and whose delays, failures and versions the
 * test decides. It writes its pieces in chunks, out of order, and garbage before it fails.
 */
final class FakeSource implements Origin {
  /** How the failure of a read begins that got fewer bytes than it asked for. */
  static final String TRUNCATED = "It ended after ";

  private static final int CHUNK_BYTES = 700;

  private final ExecutorService threads = Executors.newFixedThreadPool(4);
  private final Map<Long, Integer> versions = new ConcurrentHashMap<>();
  private final List<Read> started = Collections.synchronizedList(new ArrayList<>());
  private final List<Read> held = new ArrayList<>();
  private final List<Runnable> heldQuestions = new ArrayList<>();
  private final AtomicInteger inFlight = new AtomicInteger();
  private final AtomicInteger mostInFlight = new AtomicInteger();
  private final AtomicInteger questions = new AtomicInteger();
  private final AtomicInteger openQuestions = new AtomicInteger();
  private volatile Faults faults = (file, offset) -> null;
  private volatile Corruption corruption = (file, offset, right) -> right;
  private volatile Faults versionFaults = (file, offset) -> null;
  private boolean holding;
  private boolean holdingQuestions;

  /** What the origin delivers instead of the right bytes. */
  interface Corruption {
    ByteBuffer of(FileSpec file, long offset, ByteBuffer right);
  }

  void corrupt(Corruption script) {
    corruption = script;
  }

  /** What goes wrong, if anything does: null lets the read pass. */
  interface Faults {
    Throwable of(FileSpec file, long offset);
  }

  /** From now on reads wait until the test lets them go on. */
  synchronized void hold() {
    holding = true;
  }

  /** Lets all reads go on, those that wait and those to come. */
  void release() {
    List<Read> all;
    synchronized (this) {
      holding = false;
      all = new ArrayList<>(held);
      held.clear();
    }
    all.forEach(read -> threads.execute(read::deliver));
  }

  synchronized void holdQuestions() {
    holdingQuestions = true;
  }

  void releaseQuestions() {
    List<Runnable> all;
    synchronized (this) {
      holdingQuestions = false;
      all = new ArrayList<>(heldQuestions);
      heldQuestions.clear();
    }
    all.forEach(threads::execute);
  }

  /** Waits until this read is held, then lets it and no other go on. */
  void releaseOne(long offset) {
    Read read = awaitHeld(offset);
    threads.execute(read::deliver);
  }

  /** Waits until this read is held, then lets it bring its first bytes, and hang. */
  void begin(long offset) {
    Eventually.until(
        () -> heldOffsets().contains(offset), () -> "offset " + offset + ": " + heldOffsets());
    synchronized (this) {
      held.stream().filter(r -> r.offset == offset).findFirst().orElseThrow().begin();
    }
  }

  /** Waits until this read is held, then lets it fail. */
  void failOne(long offset, Throwable failure) {
    Read read = awaitHeld(offset);
    threads.execute(() -> read.fail(failure));
  }

  private Read awaitHeld(long offset) {
    Eventually.until(
        () -> heldOffsets().contains(offset), () -> "offset " + offset + ": " + heldOffsets());
    synchronized (this) {
      Read read = held.stream().filter(r -> r.offset == offset).findFirst().orElseThrow();
      held.remove(read);
      return read;
    }
  }

  synchronized List<Long> heldOffsets() {
    List<Long> offsets = new ArrayList<>();
    held.forEach(read -> offsets.add(read.offset));
    return offsets;
  }

  void awaitHeldReads(int count) {
    Eventually.until(() -> heldOffsets().size() == count, () -> count + " reads: " + heldOffsets());
  }

  void awaitQuestions(int count) {
    Eventually.until(() -> questions.get() >= count, () -> count + " questions: " + questions);
  }

  void failReads(Faults script) {
    faults = script;
  }

  void failQuestions(Faults script) {
    versionFaults = script;
  }

  /** The file is replaced. */
  void replace(FileSpec file) {
    versions.merge(file.fileId(), 2, (old, two) -> old + 1);
  }

  private int version(long fileId) {
    return versions.getOrDefault(fileId, 1);
  }

  /** How often each offset was read, failed reads included. */
  Map<Long, Integer> readsByOffset() {
    Map<Long, Integer> counts = new HashMap<>();
    startedOffsets().forEach(offset -> counts.merge(offset, 1, Integer::sum));
    return counts;
  }

  /** Offsets in the order in which their reads were started. */
  List<Long> startedOffsets() {
    List<Long> offsets = new ArrayList<>();
    synchronized (started) {
      started.forEach(read -> offsets.add(read.offset));
    }
    return offsets;
  }

  int mostInFlight() {
    return mostInFlight.get();
  }

  int inFlight() {
    return inFlight.get();
  }

  /** Questions that are not answered yet. */
  int openQuestions() {
    return openQuestions.get();
  }

  int questions() {
    return questions.get();
  }

  @Override
  public CompletableFuture<Void> fetch(FileSpec file, long offset, int length, PieceSink sink) {
    Read read = new Read(file, offset, length, sink);
    mostInFlight.accumulateAndGet(inFlight.incrementAndGet(), Math::max);
    started.add(read);
    synchronized (this) {
      if (holding) {
        held.add(read);
        return read.result;
      }
    }
    try {
      threads.execute(read::deliver);
    } catch (RejectedExecutionException e) {
      read.fail(new TransferException(Remedy.STOP, "the source is closed", e));
    }
    return read.result;
  }

  @Override
  public CompletableFuture<Void> confirmVersion(FileSpec file) {
    CompletableFuture<Void> answer = new CompletableFuture<>();
    questions.incrementAndGet();
    openQuestions.incrementAndGet();
    answer.whenComplete((yes, no) -> openQuestions.decrementAndGet());
    synchronized (this) {
      if (holdingQuestions) {
        heldQuestions.add(() -> answer(file, answer));
        return answer;
      }
    }
    try {
      threads.execute(() -> answer(file, answer));
    } catch (RejectedExecutionException e) {
      answer.completeExceptionally(new TransferException(Remedy.STOP, "the source is closed", e));
    }
    return answer;
  }

  private void answer(FileSpec file, CompletableFuture<Void> answer) {
    Throwable fault = versionFaults.of(file, 0);
    int now = version(file.fileId());
    if (fault != null) {
      answer.completeExceptionally(fault);
    } else if (!file.origin().contentHash().equals("v" + now)) {
      answer.completeExceptionally(
          new TransferException(Remedy.STOP, "replaced by version " + now));
    } else {
      answer.complete(null);
    }
  }

  /** As the real one: what runs is ended, what waits is forgotten and never answers. */
  @Override
  public void close() {
    synchronized (this) {
      held.clear();
      heldQuestions.clear();
    }
    threads.shutdownNow();
    try {
      threads.awaitTermination(Eventually.DEADLINE_S, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private final class Read {
    private final FileSpec file;
    private final long offset;
    private final int length;
    private final PieceSink sink;
    private final CompletableFuture<Void> result = new CompletableFuture<>();

    Read(FileSpec file, long offset, int length, PieceSink sink) {
      this.file = file;
      this.offset = offset;
      this.length = length;
      this.sink = sink;
    }

    void deliver() {
      Throwable fault = faults.of(file, offset);
      if (fault != null) {
        fail(fault);
        return;
      }
      try {
        ByteBuffer right = new Content(file.fileId(), version(file.fileId())).bytes(offset, length);
        write(corruption.of(file, offset, right));
      } catch (IOException | RuntimeException e) {
        end(e);
        return;
      }
      end(null);
    }

    void begin() {
      try {
        int version = version(file.fileId());
        sink.write(0, new Content(file.fileId(), version).bytes(offset, CHUNK_BYTES));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    void fail(Throwable fault) {
      ByteBuffer garbage = ByteBuffer.allocate(length / 2 + 1);
      try {
        sink.write(0, garbage);
      } catch (IOException e) {
        fault.addSuppressed(e);
      }
      end(fault);
    }

    /** Fails, as a connection that ends early does, if there are fewer than were asked for. */
    private void write(ByteBuffer bytes) throws IOException {
      int available = bytes.remaining();
      List<Integer> chunks = new ArrayList<>();
      for (int from = 0; from < available; from += CHUNK_BYTES) {
        chunks.add(from);
      }
      Collections.shuffle(chunks, new Random(offset));
      for (int from : chunks) {
        int to = Math.min(available, from + CHUNK_BYTES);
        sink.write(from, bytes.duplicate().limit(to).position(from));
      }
      if (available < length) {
        throw new TransferException(Remedy.RETRY, TRUNCATED + available);
      }
    }

    private void end(Throwable failure) {
      inFlight.decrementAndGet();
      if (failure == null) {
        result.complete(null);
      } else {
        result.completeExceptionally(failure);
      }
    }
  }
}
