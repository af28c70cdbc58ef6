// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.locator;

import io.mows.alluxio.conf.LocatorConf;
import io.mows.alluxio.conf.MowsConf;
import io.mows.alluxio.locator.LocatorConnection.NoAnswerException;
import io.mows.channel.HostPort;
import io.mows.channel.security.ClusterTrust;
import io.mows.p2p.locator.auto.HostElection;
import io.mows.p2p.locator.auto.PortProbe;
import io.mows.p2p.locator.auto.WorkerRef;
import io.mows.p2p.locator.client.JobClient;
import io.mows.p2p.locator.client.LocatorReader;
import io.mows.p2p.locator.protocol.LocatorTransport;
import io.mows.p2p.locator.raft.LocatorTls;
import io.mows.p2p.locator.raft.RaftLocatorSettings;
import io.mows.p2p.locator.raft.RaftLocatorSettings.Timing;
import io.mows.p2p.locator.raft.RaftTransport;
import io.mows.p2p.locator.wire.MessageSeal;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Asks the locator what it knows, for the command line: never hosts, never announces. If nobody
 * configured where the locator is, the oldest workers are asked in turn, because a worker that runs
 * longer than the host may be a stock one, or dead and still listed; those whose machine says that
 * nothing listens there cost no time. Whoever has answered is asked first the next time, over the
 * same connection. For one thread.
 */
public final class LocatorView implements AutoCloseable {
  private static final int MAX_CANDIDATES = 5;
  private static final int MAX_LOOKS = 100;

  /** For a person who waits: a second for each member, two and a half for one candidate. */
  private static final Timing TIMING = new Timing(1_000, 1_000, 1_500, 3_000, 50_000, 8 << 20);

  private final LocatorConf conf;
  private final Function<List<String>, LocatorTransport> connect;
  private final Predicate<String> isAbsent;
  private Optional<LocatorConnection> current = Optional.empty();

  /**
   * @param connect makes a connection to these members; it is closed here
   * @param isAbsent whether a machine says at once that no locator is at this address
   */
  LocatorView(
      LocatorConf conf,
      Function<List<String>, LocatorTransport> connect,
      Predicate<String> isAbsent) {
    this.conf = conf;
    this.connect = connect;
    this.isAbsent = isAbsent;
  }

  /**
   * @param trust whose locator it is
   */
  public static LocatorView of(MowsConf conf, ClusterTrust trust) {
    MessageSeal seal = MessageSeal.of(trust);
    Optional<LocatorTls> tls = LocatorSecurity.tls(conf.security());
    // The master is asked first, for files and workers.
    RaftTransport.loadClasses();
    return new LocatorView(
        conf.locator(),
        members -> new RaftTransport(new RaftLocatorSettings(members, seal, tls, TIMING)),
        address ->
            HostPort.parse(address)
                .filter(at -> PortProbe.at(at) == PortProbe.REFUSES)
                .isPresent());
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
        () -> workers,
        (address, transport) ->
            new LocatorReader(transport)
                .status(pathPrefix, maxFiles)
                .thenApply(status -> new LocatorAnswer(address, status)));
  }

  /**
   * As {@link #ask}, for any question about warm-up jobs, or a change of them.
   *
   * @param workers are asked for when it is not known who hosts the locator
   * @throws IOException if nobody answers, or the locator refuses; says why
   */
  public <T> T jobs(LiveWorkers workers, Function<JobClient, CompletableFuture<T>> question)
      throws IOException {
    return call(
        () -> MasterWorkerList.refs(workers.list()),
        (address, transport) -> question.apply(new JobClient(transport)));
  }

  private <T> T call(Workers workers, LocatorConnection.Question<T> question) throws IOException {
    if (current.isPresent()) {
      try {
        return current.get().answer(question);
      } catch (NoAnswerException e) {
        // It may be elsewhere now.
        close();
      }
    }
    List<String> failures = new ArrayList<>();
    List<String> absent = new ArrayList<>();
    int asked = 0;
    for (List<String> members : candidates(workers.list())) {
      if (conf.isAuto() && isAbsent.test(members.get(0))) {
        absent.add(members.get(0));
        continue;
      }
      if (asked++ >= MAX_CANDIDATES) {
        break;
      }
      LocatorConnection next =
          new LocatorConnection(String.join(",", members), connect.apply(members));
      current = Optional.of(next);
      try {
        return next.answer(question);
      } catch (NoAnswerException e) {
        failures.add(e.getMessage());
        close();
      }
    }
    if (!absent.isEmpty()) {
      failures.add(
          "no locator is at "
              + absent.get(0)
              + (absent.size() == 1 ? "" : " and " + (absent.size() - 1) + " other workers"));
    }
    throw new IOException(
        failures.isEmpty()
            ? "The master lists no living worker, so nobody hosts the locator"
            : String.join("; ", failures));
  }

  /** Ends the connection. May take some seconds. */
  @Override
  public void close() {
    current.ifPresent(LocatorConnection::close);
    current = Optional.empty();
  }

  private List<List<String>> candidates(List<WorkerRef> workers) {
    if (!conf.isAuto()) {
      return List.of(conf.members());
    }
    return workers.stream()
        .sorted(HostElection.OLDEST_FIRST)
        .map(WorkerRef::locatorAddress)
        .distinct()
        .limit(MAX_LOOKS)
        .map(List::of)
        .collect(Collectors.toList());
  }

  /** The living workers. */
  @FunctionalInterface
  private interface Workers {
    List<WorkerRef> list() throws IOException;
  }
}
