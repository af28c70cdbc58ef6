// SPDX-License-Identifier: Apache-2.0
package io.mows.channel;

import java.util.concurrent.CompletionStage;

/** Answers the peers that ask for pieces. */
@FunctionalInterface
public interface PieceServer {
  /**
   * Looks for the bytes that {@code request} asks for. Called on an I/O thread when it is this
   * request's turn to be sent; must not block, so work that may goes to the callee's own threads.
   * Only requests that make sense in themselves get here; whether there is such a file, such a
   * range, and whether this peer may have it is for the callee to say.
   *
   * @return ends with the bytes or a refusal. A failure, or an answer of another length than was
   *     asked for, is logged and refused as {@link RefusalReason#UNKNOWN}.
   */
  CompletionStage<PieceAnswer> serve(PeerConnection peer, PieceRequest request);
}
