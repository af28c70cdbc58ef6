// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.locator;

import io.mows.alluxio.conf.LocatorConf;
import io.mows.alluxio.conf.MowsConf;
import io.mows.p2p.locator.AutoMembership;
import io.mows.p2p.locator.DirectoryReader;
import io.mows.p2p.locator.DirectoryTransport;
import io.mows.p2p.locator.JobDirectory;
import io.mows.p2p.locator.MessageSeal;
import io.mows.p2p.locator.WorkerRef;
import io.mows.p2p.locator.raft.LocatorTls;
import io.mows.p2p.locator.raft.RaftLocatorSettings;
import io.mows.p2p.locator.raft.RaftLocatorSettings.Timing;
import io.mows.p2p.locator.raft.RaftTransport;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Asks the locator what it knows, for the command line: never hosts, never announces. If nobody
 * configured where the locator is, the oldest workers are asked in turn, because a worker that runs
 * longer than the host may be a stock one, or dead and still listed.
 */
public final class LocatorView {
  private static final int MAX_CANDIDATES = 5;
  private static final long ANSWER_MS = 10_000;

  /** For a person who waits: a second for each member, two and a half for one candidate. */
  private static final Timing TIMING = new Timing(1_000, 1_000, 1_500, 3_000, 50_000, 8 << 20);

  private final LocatorConf conf;
  private final Function<List<String>, DirectoryTransport> connect;

  /**
   * @param connect makes a connection to these members; it is closed here
   */
  LocatorView(LocatorConf conf, Function<List<String>, DirectoryTransport> connect) {
    this.conf = conf;
    this.connect = connect;
  }

  /**
   * @throws IOException if the secret cannot be read; says what to do
   */
  public static LocatorView of(MowsConf conf) throws IOException {
    MessageSeal seal = LocatorSecurity.seal(conf.security());
    Optional<LocatorTls> tls = LocatorSecurity.tls(conf.security());
    return new LocatorView(
        conf.locator(),
        members -> new RaftTransport(new RaftLocatorSettings(members, seal, tls, TIMING)));
  }

  /**
   * Asks for all peers and the files below a path. Blocks until somebody answers or nobody does, a
   * few seconds at most.
   *
   * @param workers the living workers
   * @throws IOException if nobody answers; says who was asked and what each one said
   */
  public LocatorAnswer ask(List<WorkerRef> workers, String pathPrefix, int maxFiles)
      throws IOException {
    return call(
        workers,
        (address, transport) ->
            new DirectoryReader(transport)
                .status(pathPrefix, maxFiles)
                .thenApply(status -> new LocatorAnswer(address, status)));
  }

  /**
   * As {@link #ask}, for any question about warm-up jobs, or a change of them.
   *
   * @throws IOException if nobody answers, or the locator refuses; says why
   */
  public <T> T jobs(List<WorkerRef> workers, Function<JobDirectory, CompletableFuture<T>> question)
      throws IOException {
    return call(workers, (address, transport) -> question.apply(new JobDirectory(transport)));
  }

  private <T> T call(
      List<WorkerRef> workers, BiFunction<String, DirectoryTransport, CompletableFuture<T>> call)
      throws IOException {
    List<String> failures = new ArrayList<>();
    for (List<String> members : candidates(workers)) {
      try (DirectoryTransport transport = connect.apply(members)) {
        return call.apply(String.join(",", members), transport)
            .get(ANSWER_MS, TimeUnit.MILLISECONDS);
      } catch (ExecutionException e) {
        failures.add(e.getCause().getMessage());
      } catch (TimeoutException e) {
        failures.add(members + " did not answer within " + ANSWER_MS + " ms");
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("Interrupted while asking the locator", e);
      }
    }
    throw new IOException(
        failures.isEmpty()
            ? "The master lists no living worker, so nobody hosts the locator"
            : String.join("; ", failures));
  }

  private List<List<String>> candidates(List<WorkerRef> workers) {
    if (!conf.isAuto()) {
      return List.of(conf.members());
    }
    return workers.stream()
        .sorted(AutoMembership.OLDEST_FIRST)
        .map(WorkerRef::locatorAddress)
        .distinct()
        .limit(MAX_CANDIDATES)
        .map(List::of)
        .collect(Collectors.toList());
  }
}
