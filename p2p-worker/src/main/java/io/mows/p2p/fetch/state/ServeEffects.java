// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch.state;

import io.mows.channel.RefusalReason;
import io.mows.p2p.fetch.FileSpec;
import java.util.OptionalInt;

/** What becomes of what peers have asked for. Returns at once. */
public interface ServeEffects {
  /** Ends with {@code pieceOpened} or {@code pieceNotOpened}. */
  void openPiece(long request, FileSpec file, int piece, OptionalInt crc32);

  /** Sends what was opened; ends with {@code uploadEnded}. */
  void sendPiece(long request);

  void refuse(long request, RefusalReason reason);
}
