// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.locator.raft;

import io.mows.channel.security.CertificateNames;
import io.mows.p2p.locator.wire.SealException;
import io.mows.p2p.thread.Futures;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.util.JavaUtils;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One request to a locator group until it is answered or its deadline passes. Attempts follow one
 * another, so its fields need no lock.
 */
abstract class MemberCall {
  static final long RETRY_MS = 100;
  private static final Logger LOG = LoggerFactory.getLogger(MemberCall.class);

  /** How often one request is sent again to a member because of the member's clock. */
  private static final int MAX_CLOCKS = 2;

  final GroupMembers members;
  final ClientSeal seal;
  final CompletableFuture<byte[]> result = new CompletableFuture<>();
  private final long attemptMs;
  private final long deadlineMs;
  private final long startNs = System.nanoTime();
  private int clocksLearned;

  /**
   * @param patienceMs how much longer than usual each attempt may take
   */
  MemberCall(
      GroupMembers members, ClientSeal seal, RaftLocatorSettings.Timing timing, long patienceMs) {
    this.members = members;
    this.seal = seal;
    this.attemptMs = timing.attemptMs() + patienceMs;
    this.deadlineMs = timing.deadlineMs() + patienceMs;
  }

  /** Calls {@link #send} once. */
  abstract void attempt();

  abstract void answered(MemberLink link, byte[] answer) throws IOException;

  abstract void failed(MemberLink link, Throwable error);

  final CompletableFuture<byte[]> start() {
    // Attempts end by themselves; this is for whatever does not.
    result.orTimeout(deadlineMs + attemptMs, TimeUnit.MILLISECONDS);
    attempt();
    return result;
  }

  final void send(MemberLink link, String what, byte[] payload, Method method) {
    if (members.isClosed()) {
      result.completeExceptionally(new IOException("This worker's locator is closed"));
      return;
    }
    long nonce = seal.nonce();
    Message sealed = seal.seal(what, members.clock(link).nowMs(), nonce, payload);
    method
        .send(link, sealed, attemptMs)
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
    if (answer.isEmpty() || clocksLearned == MAX_CLOCKS * members.count()) {
      return false;
    }
    try {
      members.clock(link).learn(seal.memberTimeMs(nonce, answer.get()));
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
        answered(link, seal.open(nonce, reply.getMessage().getContent()));
      }
    } catch (IOException | RuntimeException e) {
      result.completeExceptionally(e);
    }
  }

  /** Makes another attempt, unless it is too late for one. */
  final void again(Throwable error, long afterMs) {
    long spentNs = System.nanoTime() - startNs;
    if (members.isClosed() || spentNs > TimeUnit.MILLISECONDS.toNanos(deadlineMs)) {
      result.completeExceptionally(
          new IOException(
              "No member of the locator " + members.addresses() + " answers: " + reason(error),
              error));
    } else if (afterMs == 0) {
      attempt();
    } else {
      CompletableFuture.delayedExecutor(afterMs, TimeUnit.MILLISECONDS).execute(this::attempt);
    }
  }

  /** gRPC says "io exception" of whatever TLS or the network had to say. */
  private String reason(Throwable error) {
    return error instanceof TimeoutException
        ? "nothing heard within " + attemptMs + " ms"
        : CertificateNames.explain(Futures.rootOf(error));
  }

  /** Sends something over a link. */
  interface Method {
    CompletableFuture<RaftClientReply> send(MemberLink link, Message message, long timeoutMs);
  }
}
