// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.locator.client;

import io.mows.p2p.locator.LocatorLimits;
import io.mows.p2p.locator.jobs.JobReport;
import io.mows.p2p.locator.jobs.JobsView;
import io.mows.p2p.locator.jobs.WarmupJob;
import io.mows.p2p.locator.protocol.EntryReply;
import io.mows.p2p.locator.protocol.JobEntry;
import io.mows.p2p.locator.protocol.JobsQuery;
import io.mows.p2p.locator.protocol.LocatorEntry;
import io.mows.p2p.locator.protocol.LocatorTransport;
import io.mows.p2p.locator.protocol.QueryCodec;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;

/**
 * The warm-up jobs in the locator: asks for them and changes them. Thread-safe; no method blocks. A
 * failure is told by the future.
 */
public final class JobClient {
  /** No question may be kept for longer. */
  public static final long MAX_PATIENCE_MS = JobsQuery.MAX_PATIENCE_MS;

  private final LocatorTransport transport;

  /**
   * @param transport stays the caller's
   */
  public JobClient(LocatorTransport transport) {
    this.transport = transport;
  }

  /** For a worker that has no locator: every question fails. */
  public static JobClient none() {
    return new JobClient(new NoDirectory());
  }

  /**
   * The jobs, without what the workers said of them.
   *
   * @param known what the asker knows already: only what differs is sent
   * @param group whose most used models are wanted, {@code models} of them
   * @param patienceMs how long the answer may take while the jobs are those that are known; at most
   *     {@link #MAX_PATIENCE_MS}. A job that comes meanwhile is told at once.
   */
  public CompletableFuture<JobsView> jobs(
      JobsView known, String group, int models, long patienceMs) {
    return ask(known, JobsQuery.jobs(known, group, models, patienceMs), patienceMs);
  }

  /** The jobs and what the workers said of them. */
  public CompletableFuture<JobsView> progress() {
    return ask(JobsView.NONE, JobsQuery.progress(), 0);
  }

  private CompletableFuture<JobsView> ask(JobsView known, JobsQuery query, long patienceMs) {
    return transport
        .read(QueryCodec.write(query), patienceMs)
        .thenCompose(bytes -> orFailure(() -> QueryCodec.readJobs(bytes, known)));
  }

  /**
   * A job is wanted. If one with this id is there already it is replaced, and runs.
   *
   * @return fails if the locator does not take it; the message says why
   */
  public CompletableFuture<Void> submit(WarmupJob job) {
    byte[] entry = new JobEntry.Submission(job).toBytes();
    if (entry.length > LocatorEntry.MAX_BYTES) {
      return CompletableFuture.failedFuture(
          new IOException(
              job.files().size()
                  + " files are too many for one warm-up job: name fewer or smaller directories"));
    }
    return write(entry);
  }

  /** Nobody works on the job any more; it stays in the list. */
  public CompletableFuture<Void> stop(String jobId) {
    return write(new JobEntry.Stop(jobId).toBytes());
  }

  /** The job is forgotten. */
  public CompletableFuture<Void> remove(String jobId) {
    return write(new JobEntry.Removal(jobId).toBytes());
  }

  /**
   * This worker says what it has of a job.
   *
   * @param session as it announces itself
   * @return fails if the directory does not know this life of the worker (yet)
   */
  public CompletableFuture<Void> report(String peerId, long session, JobReport report) {
    return write(new JobEntry.Report(peerId, session, report).toBytes());
  }

  /** The readers of this worker have opened a model so many times. */
  public CompletableFuture<Void> used(String peerId, long session, String path, int openings) {
    return write(new JobEntry.Use(peerId, session, path, openings).toBytes());
  }

  /** Idle-time prefetch forgets that what lies below {@code path} was ever used. */
  public CompletableFuture<Void> disused(String path) {
    return write(new JobEntry.Disuse(path).toBytes());
  }

  private CompletableFuture<Void> write(byte[] entry) {
    return transport
        .write(entry)
        .thenCompose(
            bytes ->
                orFailure(
                    () -> {
                      check(EntryReply.read(bytes).result());
                      return null;
                    }));
  }

  private static void check(EntryReply.Result result) throws IOException {
    switch (result) {
      case OK:
        return;
      case LIMITED:
        throw new IOException(
            "The locator holds "
                + LocatorLimits.MAX_JOBS
                + " warm-up jobs already: stop some with 'alluxio fs mows warmup --stop ID'");
      case FULL_NEEDED:
      case REPLACED:
        throw new IOException("The locator does not know this worker yet");
      default:
        throw new IOException("The locator cannot read this: upgrade all workers");
    }
  }

  private static final class NoDirectory implements LocatorTransport {
    @Override
    public CompletableFuture<byte[]> write(byte[] entry) {
      return CompletableFuture.failedFuture(new IOException("This worker has no locator"));
    }

    @Override
    public CompletableFuture<byte[]> read(byte[] query, long patienceMs) {
      return write(query);
    }

    @Override
    public String describe() {
      return "none";
    }

    @Override
    public void close() {}
  }

  private interface Answer<T> {
    T get() throws IOException;
  }

  private static <T> CompletableFuture<T> orFailure(Answer<T> answer) {
    try {
      return CompletableFuture.completedFuture(answer.get());
    } catch (IOException e) {
      return CompletableFuture.failedFuture(e);
    }
  }
}
