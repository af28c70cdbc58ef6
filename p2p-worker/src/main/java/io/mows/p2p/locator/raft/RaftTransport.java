// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.locator.raft;

import io.mows.p2p.locator.protocol.LocatorTransport;
import io.mows.p2p.thread.NamedThreads;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongSupplier;

/**
 * Talks to a locator group: entries go to the leader ({@link EntryCall}); questions go to one
 * member, another one for each worker ({@link QueryCall}).
 *
 * <p>It speaks Ratis' protocol and does not use its client: that has no deadline, retries in order,
 * and says every failure to the log.
 */
public final class RaftTransport implements LocatorTransport {
  private final RaftLocatorSettings settings;
  private final ClientSeal seal;
  private final GroupMembers members;

  public RaftTransport(RaftLocatorSettings settings) {
    this(settings, System::currentTimeMillis);
  }

  /**
   * @param wallMs this worker's clock
   */
  RaftTransport(RaftLocatorSettings settings, LongSupplier wallMs) {
    RatisProcess.contain();
    this.settings = settings;
    this.seal = new ClientSeal(settings);
    int first = ThreadLocalRandom.current().nextInt(settings.members().size());
    this.members = new GroupMembers(settings, wallMs, first);
  }

  /**
   * Loads, on a thread of its own, the classes that the first question needs: some 1,400, which
   * takes a quarter of a second. For a command that has others to ask before.
   */
  public static void loadClasses() {
    NamedThreads.one("mows-locator-classes").newThread(MemberChannels::loadClasses).start();
  }

  @Override
  public CompletableFuture<byte[]> write(byte[] entry) {
    return new EntryCall(members, seal, settings.timing(), entry).start();
  }

  @Override
  public CompletableFuture<byte[]> read(byte[] query, long patienceMs) {
    return new QueryCall(members, seal, settings.timing(), query, patienceMs).start();
  }

  @Override
  public String describe() {
    return String.join(",", settings.members());
  }

  @Override
  public List<String> clocksOff() {
    return members.clocksOff();
  }

  @Override
  public void close() {
    members.close();
  }
}
