// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.locator.client;

import static io.mows.p2p.locator.state.Peers.file;
import static io.mows.p2p.locator.state.Peers.part;
import static io.mows.p2p.locator.state.Peers.peer;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mows.p2p.locator.Coverage;
import io.mows.p2p.locator.LocatorEvents;
import io.mows.p2p.locator.PeerLoad;
import io.mows.p2p.locator.state.MemoryLocator;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** When a worker announces, with the default settings and a clock of the test's own. */
final class AnnouncerTest {
  private static final long STEP_MS = 50;

  private final MemoryLocator directory = new MemoryLocator();
  private final AnnouncementBook book =
      new AnnouncementBook(peer(1), 1, LocatorSettings.DEFAULT.leaseMs());
  private final ScheduledThreadPoolExecutor loop = new AtOnce();
  private long nowNs;
  private final Announcer announcer =
      new Announcer(
          LocatorSettings.DEFAULT,
          book,
          directory,
          () -> PeerLoad.NONE,
          LocatorEvents.NONE,
          loop,
          () -> nowNs);

  @BeforeEach
  void introduceAndRest() {
    run(10_000);
  }

  @AfterEach
  void stop() {
    loop.shutdown();
  }

  private void run(long ms) {
    for (long passedMs = 0; passedMs < ms; passedMs += STEP_MS) {
      nowNs += TimeUnit.MILLISECONDS.toNanos(STEP_MS);
      announcer.step();
    }
  }

  private void change(int permille) {
    if (book.put(file(1), part(permille))) {
      announcer.hurry();
    }
  }

  /** How many announcements there are while everything changes all the time for so long. */
  private int announcementsIn(long ms) {
    int before = directory.writes.get();
    for (int i = 0; i < ms / STEP_MS; i++) {
      change(i % 2 == 0 ? 1 : 999);
      run(STEP_MS);
    }
    return directory.writes.get() - before;
  }

  @Test
  void shouldSayAtOnceWhatChangesAfterAQuietTime() {
    run(2_500);
    int before = directory.writes.get();
    change(1);
    assertEquals(before + 1, directory.writes.get());
    change(999);
    run(2 * LocatorSettings.DEFAULT.minGapMs() + STEP_MS);
    assertEquals(before + 2, directory.writes.get(), "and the next one soon");
  }

  /** Each of them would wake the locator's thread, once for each piece that comes. */
  @Test
  void shouldHurryOnceForAllChangesBeforeTheNextAnnouncement() {
    change(1);
    int hurries = 0;
    for (int permille = 999; permille > 900; permille--) {
      hurries += book.put(file(1), part(permille)) ? 1 : 0;
    }
    assertEquals(1, hurries);
  }

  @Test
  void shouldSayTogetherWhatGoesOnChanging() {
    int inTenSeconds = announcementsIn(10_000);
    assertTrue(inTenSeconds >= 9 && inTenSeconds <= 13, () -> inTenSeconds + " announcements");
  }

  @Test
  void shouldBeQuickAgainAfterAQuietTime() {
    announcementsIn(5_000);
    run(6_000);
    shouldSayAtOnceWhatChangesAfterAQuietTime();
  }

  @Test
  void shouldNotWaitLongerForWhatOneAnnouncementCannotHold() {
    announcementsIn(5_000);
    int before = directory.writes.get();
    int files = 20_000;
    for (int n = 2; n < files; n++) {
      book.put(file(n), Coverage.COMPLETE);
    }
    announcer.hurry();
    run(2_500);
    assertTrue(book.confirmedAll(), () -> directory.writes.get() - before + " announcements");
  }

  /** Runs what it is given on the caller's thread. */
  private static final class AtOnce extends ScheduledThreadPoolExecutor {
    AtOnce() {
      super(0);
    }

    @Override
    public void execute(Runnable task) {
      task.run();
    }

    /** The test steps by its own clock. */
    @Override
    public ScheduledFuture<?> schedule(Runnable task, long delay, TimeUnit unit) {
      return null;
    }
  }
}
