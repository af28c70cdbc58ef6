// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.locator.raft;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.ratis.client.RaftClientRpc;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.RaftClientRequest;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.rpc.CallId;

/**
 * The connection of a client to one member. After any failure Ratis' stream is of no use any more
 * and is replaced, once, by the first of the requests that failed with it; that blocks for seconds,
 * so an executor does it. Thread-safe.
 */
final class MemberLink {
  private final RaftPeerId member;
  private final RaftClientRpc rpc;
  private final ClientId client;
  private final RaftGroupId group;
  private final Executor closer;
  private final AtomicLong generation = new AtomicLong();

  MemberLink(
      RaftPeerId member, RaftClientRpc rpc, ClientId client, RaftGroupId group, Executor closer) {
    this.member = member;
    this.rpc = rpc;
    this.client = client;
    this.group = group;
    this.closer = closer;
  }

  RaftPeerId member() {
    return member;
  }

  CompletableFuture<RaftClientReply> write(Message entry, long timeoutMs) {
    return send(
        builder(entry).setLeaderId(member).setType(RaftClientRequest.writeRequestType()),
        timeoutMs);
  }

  CompletableFuture<RaftClientReply> read(Message query, long timeoutMs) {
    return send(
        builder(query).setServerId(member).setType(RaftClientRequest.staleReadRequestType(0)),
        timeoutMs);
  }

  private RaftClientRequest.Builder builder(Message message) {
    return RaftClientRequest.newBuilder()
        .setClientId(client)
        .setGroupId(group)
        .setCallId(CallId.getAndIncrement())
        .setMessage(message);
  }

  private CompletableFuture<RaftClientReply> send(
      RaftClientRequest.Builder request, long timeoutMs) {
    long sentIn = generation.get();
    CompletableFuture<RaftClientReply> reply;
    try {
      // Two threads that send the first request would open two streams, and one never ends.
      synchronized (this) {
        reply = rpc.sendRequestAsyncUnordered(request.build());
      }
    } catch (RuntimeException e) {
      reply = CompletableFuture.failedFuture(e);
    }
    // Ratis has one timeout for all requests; some may take longer than others.
    reply.orTimeout(timeoutMs, TimeUnit.MILLISECONDS);
    return reply.whenComplete(
        (answer, error) -> {
          if (error != null && generation.compareAndSet(sentIn, sentIn + 1)) {
            reconnect(error);
          }
        });
  }

  private void reconnect(Throwable error) {
    try {
      closer.execute(() -> rpc.handleException(member, error, true));
    } catch (RejectedExecutionException e) {
      // The transport is closing.
    }
  }
}
