// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.master;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import alluxio.exception.AccessControlException;
import alluxio.exception.FileDoesNotExistException;
import alluxio.exception.status.NotFoundException;
import alluxio.exception.status.UnavailableException;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class MasterCallsTest {
  private static final long NEVER_MS = 600_000;
  private static final String STARTING = "Service FILE_SYSTEM_MASTER_CLIENT_SERVICE is not found.";
  private final MasterCalls master =
      new MasterCalls(new MasterCalls.Patience(50, NEVER_MS, NEVER_MS));
  private final CountDownLatch comesBack = new CountDownLatch(1);

  @AfterEach
  void end() {
    comesBack.countDown();
    master.close();
  }

  private String hang() {
    try {
      assertTrue(comesBack.await(60, TimeUnit.SECONDS));
    } catch (InterruptedException e) {
      return "interrupted";
    }
    return "late";
  }

  @Test
  void shouldGiveTheAnswerOfAMasterThatIsHere() throws Exception {
    assertEquals("now", master.ask(() -> "now", Optional.of("before")));
    assertEquals("now", master.ask(() -> "now", Optional.empty()));
  }

  @Test
  void shouldPassOnThatAFileIsNotThere() {
    MasterCalls.Question<String> gone =
        () -> {
          throw new FileDoesNotExistException("Path \"/w\" does not exist.");
        };
    assertThrows(FileDoesNotExistException.class, () -> master.ask(gone, Optional.of("before")));
    MasterCalls.Question<String> denied =
        () -> {
          throw new AccessControlException("not for you");
        };
    assertThrows(AccessControlException.class, () -> master.ask(denied, Optional.of("before")));
  }

  @Test
  void shouldNotTakeAMasterThatStartsForAFileThatIsNotThere() throws Exception {
    MasterCalls.Question<String> starting =
        () -> {
          throw new FileDoesNotExistException(STARTING);
        };
    assertThrows(UnavailableException.class, () -> master.ask(starting, Optional.empty()));
    assertEquals("before", master.ask(starting, Optional.of("before")));
    assertFalse(MasterAnswers.isOne(new NotFoundException(STARTING)));
  }

  @Test
  void shouldUseWhatIsKnownWhileTheMasterIsAway() throws Exception {
    MasterCalls.Question<String> away =
        () -> {
          throw new UnavailableException("connection refused");
        };
    assertEquals("before", master.ask(away, Optional.of("before")));
    assertThrows(UnavailableException.class, () -> master.ask(away, Optional.empty()));
  }

  @Test
  void shouldNotWaitForAMasterThatHangsIfSomethingIsKnown() throws Exception {
    assertEquals("before", master.ask(this::hang, Optional.of("before")));
    // It is known to be away: not even asked.
    assertEquals(
        "before",
        master.ask(
            () -> {
              throw new AssertionError("asked");
            },
            Optional.of("before")));
  }

  @Test
  void shouldWaitForAMasterThatComesBackIfNothingIsKnown() throws Exception {
    assertEquals("before", master.ask(this::hang, Optional.of("before")));
    comesBack.countDown();
    assertEquals("late", master.ask(this::hang, Optional.empty()));
    assertEquals("now", master.ask(() -> "now", Optional.of("before")), "it is here again");
  }

  @Test
  void shouldHaveLittlePatienceWithAMasterThatIsKnownToBeAway() throws Exception {
    try (MasterCalls hasty = new MasterCalls(new MasterCalls.Patience(50, 50, NEVER_MS))) {
      assertEquals("before", hasty.ask(this::hang, Optional.of("before")));
      assertThrows(UnavailableException.class, () -> hasty.ask(this::hang, Optional.empty()));
    }
  }
}
