// SPDX-License-Identifier: Apache-2.0
package io.mows.channel.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.mows.channel.ChannelSettings;
import io.mows.channel.security.ChannelSecret;
import org.junit.jupiter.api.Test;

/** The lengths that types allow are those that the frames have. */
final class FrameTypeTest {
  @Test
  void shouldAllowWhatFramesOfOneLengthHave() {
    assertBody(FrameType.AUTH, ChannelSecret.PROOF_BYTES);
    assertBody(FrameType.GOODBYE, ControlFrames.GOODBYE_BODY_BYTES);
    assertBody(FrameType.PING, ControlFrames.PING_BODY_BYTES);
    assertBody(FrameType.PONG, ControlFrames.PING_BODY_BYTES);
    assertBody(FrameType.REQUEST, RequestFrame.BODY_BYTES);
    assertBody(FrameType.REFUSED, ControlFrames.REFUSED_BODY_BYTES);
    assertBody(FrameType.CANCEL, ControlFrames.CANCEL_BODY_BYTES);
    assertBody(FrameType.TAKEN, BulkFrames.TAKEN_BODY_BYTES);
    assertBody(FrameType.INVITE, LaneFrames.TOKEN_BYTES);
    assertBody(FrameType.WANT, LaneFrames.WANT_BODY_BYTES);
    assertBody(FrameType.JOIN, LaneFrames.TOKEN_BYTES);
  }

  @Test
  void shouldAllowWhatIsInFramesOfManyLengths() {
    assertBody(FrameType.HELLO, Hello.ID_OFFSET, Hello.MAX_ID_BYTES);
    assertBody(FrameType.MESSAGE, 0, ChannelSettings.MAX_MESSAGE_BYTES);
    assertBody(FrameType.PIECE, PieceFrame.FIXED_BYTES, PieceFrame.MAX_PAYLOAD_BYTES);
    assertBody(FrameType.OFFER, 0, BulkFrames.MAX_OFFER_BYTES);
    assertBody(FrameType.GRANT, BulkFrames.GRANT_FIXED_BYTES, BulkFrames.MAX_GRANT_BYTES);
  }

  @Test
  void shouldFindATypeByItsCode() {
    for (FrameType type : FrameType.values()) {
      assertEquals(type, FrameType.ofCode(type.code()));
    }
  }

  private static void assertBody(FrameType type, int bytes) {
    assertEquals(bytes, type.minBodyBytes(), type::toString);
    assertEquals(bytes, type.maxBodyBytes(), type::toString);
  }

  /** At least one byte follows the fixed fields, and that many at most. */
  private static void assertBody(FrameType type, int fixedBytes, int mostBytes) {
    assertEquals(fixedBytes + 1, type.minBodyBytes(), type::toString);
    assertEquals(fixedBytes + mostBytes, type.maxBodyBytes(), type::toString);
  }
}
