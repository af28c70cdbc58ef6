// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.locator.raft;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.ratis.client.impl.ClientProtoUtils;
import org.apache.ratis.grpc.GrpcUtil;
import org.apache.ratis.proto.RaftProtos.RaftClientReplyProto;
import org.apache.ratis.proto.RaftProtos.RaftClientRequestProto;
import org.apache.ratis.proto.grpc.RaftClientProtocolServiceGrpc;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.RaftClientRequest;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.protocol.exceptions.GroupMismatchException;
import org.apache.ratis.rpc.CallId;
import org.apache.ratis.thirdparty.io.grpc.ManagedChannel;
import org.apache.ratis.thirdparty.io.grpc.Status;
import org.apache.ratis.thirdparty.io.grpc.stub.StreamObserver;

/**
 * The connection of a client to one member. Every request is a call of its own with a deadline of
 * its own. After a failure the connection is not trusted any more, it may be to a machine that is
 * gone: the next request makes a new one, without waiting. Thread-safe.
 */
final class MemberLink {
  private final RaftPeerId member;
  private final String address;
  private final MemberChannels channels;
  private final ClientId client;
  private final RaftGroupId group;
  private ManagedChannel channel;

  /**
   * @param address {@code host:port}
   */
  MemberLink(String address, MemberChannels channels, ClientId client, RaftGroupId group) {
    this.member = RaftNames.peerId(address);
    this.address = address;
    this.channels = channels;
    this.client = client;
    this.group = group;
  }

  RaftPeerId member() {
    return member;
  }

  /** Fails with a {@link TimeoutException} if nothing is heard in time. */
  CompletableFuture<RaftClientReply> write(Message entry, long timeoutMs) {
    return send(
        builder(entry).setLeaderId(member).setType(RaftClientRequest.writeRequestType()),
        timeoutMs);
  }

  /** As {@link #write}. */
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
    ManagedChannel through;
    try {
      through = channel();
    } catch (RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
    Reply reply = new Reply(address);
    try {
      StreamObserver<RaftClientRequestProto> stream =
          RaftClientProtocolServiceGrpc.newStub(through)
              .withDeadlineAfter(timeoutMs, TimeUnit.MILLISECONDS)
              .unordered(reply);
      stream.onNext(ClientProtoUtils.toRaftClientRequestProto(request.build()));
      stream.onCompleted();
    } catch (RuntimeException e) {
      reply.onError(e);
    }
    return reply.future.whenComplete(
        (answer, error) -> {
          if (error != null) {
            leave(through);
          }
        });
  }

  private synchronized ManagedChannel channel() {
    if (channel == null) {
      channel = channels.open(address);
    }
    return channel;
  }

  /**
   * Calls that are under way go on; those to come get a new connection. It takes a new channel: one
   * that is told to be idle while a call of it ends connects at once again, and if that fails it
   * fails the calls of the next second.
   */
  private synchronized void leave(ManagedChannel failed) {
    if (channel == failed) {
      channel.shutdown();
      channel = null;
    }
  }

  /** The member does not belong to the group that it was asked for. */
  private static final class OtherGroupException extends IOException {
    private static final long serialVersionUID = 1L;

    OtherGroupException(String address) {
      super(
          address
              + " hosts the locator of another Alluxio cluster, or runs an older release of MoWS, or"
              + " alluxio.mows.locator.addresses differs between it and this worker: give each"
              + " cluster a locator of its own, and all workers of a cluster the same list");
    }
  }

  /** Of a call with one request and one reply, though Ratis has a stream of both. */
  private static final class Reply implements StreamObserver<RaftClientReplyProto> {
    private final CompletableFuture<RaftClientReply> future = new CompletableFuture<>();
    private final String address;

    Reply(String address) {
      this.address = address;
    }

    @Override
    public void onNext(RaftClientReplyProto reply) {
      future.complete(ClientProtoUtils.toRaftClientReply(reply));
    }

    @Override
    public void onError(Throwable failure) {
      if (GrpcUtil.unwrapThrowable(failure) instanceof GroupMismatchException) {
        future.completeExceptionally(new OtherGroupException(address));
        return;
      }
      boolean late = Status.fromThrowable(failure).getCode() == Status.Code.DEADLINE_EXCEEDED;
      future.completeExceptionally(late ? new TimeoutException(failure.getMessage()) : failure);
    }

    @Override
    public void onCompleted() {
      future.completeExceptionally(new IOException("The member has ended the call"));
    }
  }
}
