// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.locator.raft;

import io.mows.channel.security.CertificateNames;
import io.mows.p2p.locator.protocol.LocatorTransport;
import io.mows.p2p.locator.state.LocatorReplica;
import io.mows.p2p.locator.wire.MessageSeal;
import io.mows.p2p.locator.wire.SealException;
import io.mows.p2p.thread.NamedThreads;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.protocol.exceptions.NotLeaderException;
import org.apache.ratis.protocol.exceptions.StateMachineException;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;
import org.apache.ratis.util.JavaUtils;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Talks to a locator group: entries go to the leader, which is found by asking; questions go to one
 * member, another one for each worker, and to the next if that does not answer or is far behind.
 *
 * <p>It speaks Ratis' protocol and does not use its client: that has no deadline, retries in order,
 * and says every failure to the log.
 */
public final class RaftTransport implements LocatorTransport {
  private static final Logger LOG = LoggerFactory.getLogger(RaftTransport.class);
  private static final long RETRY_MS = 100;

  /** How often one request is sent again to a member because of the member's clock. */
  private static final int MAX_CLOCKS = 2;

  private final RaftLocatorSettings settings;
  private final MessageSeal seal;
  private final SealPurpose purpose;
  private final SecureRandom random = new SecureRandom();
  private final MemberChannels channels;
  private final List<MemberLink> links = new ArrayList<>();
  private final List<MemberClock> clocks = new ArrayList<>();
  private volatile int leader;
  private volatile int reader;
  private volatile boolean isClosed;

  public RaftTransport(RaftLocatorSettings settings) {
    this(settings, System::currentTimeMillis);
  }

  /**
   * @param wallMs this worker's clock
   */
  RaftTransport(RaftLocatorSettings settings, LongSupplier wallMs) {
    RatisProcess.contain();
    this.settings = settings;
    this.seal = settings.seal();
    RaftGroupId group = settings.group().getGroupId();
    this.purpose = new SealPurpose(group);
    this.channels = new MemberChannels(settings.tls());
    ClientId client = ClientId.randomId();
    for (String member : settings.members()) {
      links.add(new MemberLink(member, channels, client, group));
      clocks.add(new MemberClock(member, wallMs));
    }
    this.reader = random.nextInt(links.size());
    this.leader = reader;
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
    return new WriteCall(entry).start();
  }

  @Override
  public CompletableFuture<byte[]> read(byte[] query, long patienceMs) {
    return new ReadCall(query, patienceMs).start();
  }

  @Override
  public String describe() {
    return String.join(",", settings.members());
  }

  @Override
  public List<String> clocksOff() {
    return clocks.stream()
        .filter(MemberClock::isOff)
        .map(MemberClock::toString)
        .collect(Collectors.toList());
  }

  @Override
  public void close() {
    isClosed = true;
    channels.close();
  }

  private MemberClock clock(MemberLink link) {
    return clocks.get(links.indexOf(link));
  }

  private byte[] open(long nonce, ByteString answer) throws IOException {
    if (Refusal.is(answer)) {
      throw new IOException("The locator refuses this worker: " + Refusal.reason(answer));
    }
    return seal.open(purpose.reply(nonce), answer.toByteArray()).message();
  }

  /** One request until it is answered or its deadline passes. Attempts follow one another. */
  private abstract class Call {
    final CompletableFuture<byte[]> result = new CompletableFuture<>();
    private final long attemptMs;
    private final long deadlineMs;
    private final long startNs = System.nanoTime();
    private int clocksLearned;

    /**
     * @param patienceMs how much longer than usual each attempt may take
     */
    Call(long patienceMs) {
      this.attemptMs = settings.timing().attemptMs() + patienceMs;
      this.deadlineMs = settings.timing().deadlineMs() + patienceMs;
    }

    abstract void attempt();

    final CompletableFuture<byte[]> start() {
      // Attempts end by themselves; this is for whatever does not.
      result.orTimeout(deadlineMs + attemptMs, TimeUnit.MILLISECONDS);
      attempt();
      return result;
    }

    final void send(MemberLink link, String what, byte[] payload, Method method) {
      if (isClosed) {
        result.completeExceptionally(new IOException("This worker's locator is closed"));
        return;
      }
      long nonce = random.nextLong();
      byte[] sealed = seal.seal(what, clock(link).nowMs(), nonce, payload);
      method
          .send(link, RatisBytes.message(sealed), attemptMs)
          .whenComplete(
              (reply, error) -> {
                if (error == null && learnsClock(link, nonce, reply)) {
                  send(link, what, payload, method);
                } else {
                  judge(link, nonce, reply, error);
                }
              });
    }

    /** Whether the member has refused it for its time, and it is worth to be sent again. */
    private boolean learnsClock(MemberLink link, long nonce, RaftClientReply reply) {
      Optional<byte[]> answer = ClockAnswer.in(reply);
      if (answer.isEmpty() || clocksLearned == MAX_CLOCKS * links.size()) {
        return false;
      }
      try {
        clock(link).learn(ClockAnswer.timeMs(seal, purpose, nonce, answer.get()));
        clocksLearned++;
        return true;
      } catch (SealException e) {
        LOG.warn("{} answers a request as nobody who knows the secret would", link.member(), e);
        return false;
      }
    }

    private void judge(MemberLink link, long nonce, RaftClientReply reply, Throwable error) {
      try {
        if (error != null) {
          failed(link, JavaUtils.unwrapCompletionException(error));
        } else if (reply.getException() != null) {
          failed(link, reply.getException());
        } else {
          answered(link, open(nonce, reply.getMessage().getContent()));
        }
      } catch (IOException | RuntimeException e) {
        result.completeExceptionally(e);
      }
    }

    private String reason(Throwable error) {
      return error instanceof TimeoutException
          ? "nothing heard within " + attemptMs + " ms"
          : CertificateNames.explain(rootOf(error));
    }

    abstract void answered(MemberLink link, byte[] answer) throws IOException;

    abstract void failed(MemberLink link, Throwable error);

    final void again(Throwable error, long afterMs) {
      long spentNs = System.nanoTime() - startNs;
      if (isClosed || spentNs > TimeUnit.MILLISECONDS.toNanos(deadlineMs)) {
        result.completeExceptionally(
            new IOException(
                "No member of the locator " + settings.members() + " answers: " + reason(error),
                error));
      } else if (afterMs == 0) {
        attempt();
      } else {
        CompletableFuture.delayedExecutor(afterMs, TimeUnit.MILLISECONDS).execute(this::attempt);
      }
    }
  }

  /** Sends something over a link. */
  private interface Method {
    CompletableFuture<RaftClientReply> send(MemberLink link, Message message, long timeoutMs);
  }

  private final class WriteCall extends Call {
    private final byte[] entry;

    WriteCall(byte[] entry) {
      super(0);
      this.entry = entry;
    }

    @Override
    void attempt() {
      send(links.get(leader), purpose.entry(), entry, MemberLink::write);
    }

    @Override
    void answered(MemberLink link, byte[] answer) {
      result.complete(answer);
    }

    @Override
    void failed(MemberLink link, Throwable error) {
      if (error instanceof StateMachineException) {
        Throwable reason = error.getCause() == null ? error : error.getCause();
        result.completeExceptionally(
            new IOException("The locator refuses this worker: " + reason.getMessage(), error));
        return;
      }
      int tried = links.indexOf(link);
      int suggested = suggestedLeader(error);
      if (leader == tried) {
        leader = suggested >= 0 ? suggested : (tried + 1) % links.size();
      }
      again(error, suggested >= 0 ? 0 : RETRY_MS);
    }

    private int suggestedLeader(Throwable error) {
      if (!(error instanceof NotLeaderException)
          || ((NotLeaderException) error).getSuggestedLeader() == null) {
        return -1;
      }
      RaftPeerId suggested = ((NotLeaderException) error).getSuggestedLeader().getId();
      for (int i = 0; i < links.size(); i++) {
        if (links.get(i).member().equals(suggested)) {
          return i;
        }
      }
      return -1;
    }
  }

  private final class ReadCall extends Call {
    private final byte[] query;
    private int attempts;
    private int next = reader;
    private byte[] bestAnswer;
    private long bestAgeMs = Long.MAX_VALUE;

    ReadCall(byte[] query, long patienceMs) {
      super(patienceMs);
      this.query = query;
    }

    @Override
    void attempt() {
      attempts++;
      MemberLink link = links.get(next);
      next = (next + 1) % links.size();
      send(link, purpose.query(link.member()), query, MemberLink::read);
    }

    @Override
    void answered(MemberLink link, byte[] answer) throws IOException {
      long ageMs = LocatorReplica.answerAgeMs(answer);
      if (ageMs < bestAgeMs) {
        bestAgeMs = ageMs;
        bestAnswer = answer;
      }
      if (ageMs <= settings.timing().staleMs()) {
        reader = links.indexOf(link);
        result.complete(answer);
      } else {
        nextMember(new IOException(link.member() + " is " + ageMs + " ms behind"));
      }
    }

    @Override
    void failed(MemberLink link, Throwable error) {
      nextMember(error);
    }

    private void nextMember(Throwable error) {
      if (attempts % links.size() != 0) {
        again(error, 0);
      } else if (bestAnswer != null) {
        result.complete(bestAnswer);
      } else {
        again(error, RETRY_MS);
      }
    }
  }

  /** gRPC says "io exception" of whatever TLS or the network had to say. */
  private static Throwable rootOf(Throwable error) {
    Throwable root = error;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root;
  }
}
