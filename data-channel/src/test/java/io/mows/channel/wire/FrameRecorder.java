// SPDX-License-Identifier: Apache-2.0
package io.mows.channel.wire;

import io.mows.channel.CloseReason;
import io.mows.channel.PieceRequest;
import io.mows.channel.RefusalReason;
import io.mows.channel.Remedy;
import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Writes down every frame. */
final class FrameRecorder implements FrameHandler {
  private final List<String> lines = new ArrayList<>();

  List<String> lines() {
    return lines;
  }

  @Override
  public void hello(Hello hello) {
    lines.add("hello " + hello.peerId() + " " + hello.capabilities() + " " + hello.hasSecret());
  }

  @Override
  public void auth(byte[] proof) {
    lines.add("auth " + proof.length);
  }

  @Override
  public void goodbye(CloseReason reason) {
    lines.add("goodbye " + reason);
  }

  @Override
  public void ping(long token) {
    lines.add("ping " + token);
  }

  @Override
  public void pong(long token) {
    lines.add("pong " + token);
  }

  @Override
  public void message(ByteBuffer message) {
    lines.add("message " + StandardCharsets.US_ASCII.decode(message));
  }

  @Override
  public void requested(int requestId, PieceRequest request, boolean bulk) {
    lines.add("requested " + requestId + " " + request + (bulk ? ", bulk" : ""));
  }

  @Override
  public void pieceBegins(int requestId, int offset, int crc32, int payloadBytes) {
    lines.add("piece " + requestId + " at " + offset + " crc " + crc32 + ": ");
  }

  @Override
  public void pieceBytes(ByteBuf payload) {
    int last = lines.size() - 1;
    lines.set(last, lines.get(last) + payload.toString(StandardCharsets.US_ASCII));
  }

  @Override
  public void refused(int requestId, RefusalReason reason, Remedy remedy) {
    lines.add("refused " + requestId + " " + reason + " " + remedy);
  }

  @Override
  public void cancelled(int requestId) {
    lines.add("cancelled " + requestId);
  }

  @Override
  public void offered(byte[] offer) {
    lines.add("offered " + Arrays.toString(offer));
  }

  @Override
  public void granted(int requestId, int crc32, byte[] grant) {
    lines.add("granted " + requestId + " crc " + crc32 + ": " + Arrays.toString(grant));
  }

  @Override
  public void taken(int requestId, boolean success) {
    lines.add("taken " + requestId + " " + success);
  }
}
