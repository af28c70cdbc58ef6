// SPDX-License-Identifier: Apache-2.0
package io.mows.channel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.io.IOException;
import org.junit.jupiter.api.Test;

final class TransferExceptionTest {
  @Test
  void shouldSayWhatHappenedWhyAndWhatToDo() {
    IOException cause = new IOException("connection reset");
    TransferException failure = new TransferException(Remedy.RETRY_ELSEWHERE, "peer 7", cause);

    assertEquals("peer 7", failure.getMessage());
    assertSame(cause, failure.getCause());
    assertEquals(Remedy.RETRY_ELSEWHERE, failure.remedy());
    assertEquals(Remedy.STOP, new TransferException(Remedy.STOP, "replaced").remedy());
  }

  @Test
  void shouldFindTheRemedyOfAnyFailure() {
    for (Remedy remedy : Remedy.values()) {
      assertEquals(remedy, TransferException.remedyOf(new TransferException(remedy, "why")));
    }
    assertEquals(Remedy.RETRY, TransferException.remedyOf(new IOException("disk")));
    assertEquals(Remedy.RETRY, TransferException.remedyOf(new IllegalStateException("bug")));
  }
}
