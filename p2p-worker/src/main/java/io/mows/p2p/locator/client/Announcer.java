// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.locator.client;

import io.mows.p2p.locator.LocatorEvents;
import io.mows.p2p.locator.LocatorHealth;
import io.mows.p2p.locator.LocatorHealth.State;
import io.mows.p2p.locator.PeerLoad;
import io.mows.p2p.locator.client.AnnouncementBook.Draft;
import io.mows.p2p.locator.protocol.EntryReply;
import io.mows.p2p.locator.protocol.LocatorTransport;
import io.mows.p2p.locator.wire.WireException;
import io.mows.p2p.piece.Rendezvous;
import io.mows.p2p.thread.Futures;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings the {@link AnnouncementBook} to the directory: one announcement at a time, when something
 * changed or a heartbeat is due. The first change after a quiet time is told at once, those that
 * follow together and ever later, up to a third of a heartbeat. Runs on the locator's one thread;
 * {@link #health} from any.
 */
final class Announcer {
  private static final Logger LOG = LoggerFactory.getLogger(Announcer.class);

  private final LocatorSettings settings;
  private final AnnouncementBook book;
  private final LocatorTransport transport;
  private final Supplier<PeerLoad> load;
  private final LocatorEvents events;
  private final ScheduledExecutorService loop;
  private final LongSupplier nanoClock;
  private final long startNs;

  private boolean inFlight;
  private long lastSentNs;
  private long pauseNs;
  private long gapMs;
  private volatile State state = State.CONNECTING;
  private volatile long lastHeardNs;
  private volatile long epoch;
  private volatile int peers;
  private volatile String failure = "";

  Announcer(
      LocatorSettings settings,
      AnnouncementBook book,
      LocatorTransport transport,
      Supplier<PeerLoad> load,
      LocatorEvents events,
      ScheduledExecutorService loop,
      LongSupplier nanoClock) {
    this.settings = settings;
    this.book = book;
    this.transport = transport;
    this.load = load;
    this.events = events;
    this.loop = loop;
    this.nanoClock = nanoClock;
    this.startNs = nanoClock.getAsLong();
    this.lastHeardNs = startNs;
    this.lastSentNs = startNs;
    this.gapMs = settings.minGapMs();
  }

  void start() {
    loop.scheduleWithFixedDelay(this::step, 0, settings.minGapMs(), TimeUnit.MILLISECONDS);
  }

  LocatorHealth health() {
    long silentMs = TimeUnit.NANOSECONDS.toMillis(nanoClock.getAsLong() - lastHeardNs);
    return new LocatorHealth(state, silentMs, epoch, peers, transport.describe(), failure);
  }

  /** Announces if it is time to. */
  void step() {
    long now = nanoClock.getAsLong();
    if (inFlight || now - lastSentNs < pauseNs) {
      return;
    }
    inFlight = true;
    boolean soon = now - lastSentNs < TimeUnit.MILLISECONDS.toNanos(settings.quietMs());
    gapMs = soon ? Math.min(2 * gapMs, settings.maxGapMs()) : settings.minGapMs();
    lastSentNs = now;
    try {
      Draft draft = book.next(load.get());
      transport
          .write(draft.entry().toBytes())
          .whenComplete((reply, error) -> loop.execute(() -> finish(draft, reply, error)));
    } catch (RuntimeException e) {
      finish(null, null, e);
    }
  }

  private void finish(Draft draft, byte[] bytes, Throwable error) {
    inFlight = false;
    if (error != null) {
      failed(error);
      return;
    }
    try {
      heard(draft, EntryReply.read(bytes));
    } catch (WireException e) {
      failed(e);
    }
    if (pauseNs == 0) {
      step();
    }
  }

  private void heard(Draft draft, EntryReply reply) {
    lastHeardNs = nanoClock.getAsLong();
    if (epoch != 0 && epoch != reply.epoch()) {
      LOG.info("The locator's directory at {} is a new one", transport.describe());
      events.directoryReplaced();
    }
    epoch = reply.epoch();
    peers = reply.peers();
    switch (reply.result()) {
      case OK:
      case LIMITED:
        confirmed(draft, reply.result() == EntryReply.Result.OK);
        break;
      case FULL_NEEDED:
        book.forgotten();
        enter(State.UP, "");
        pauseNs = 0;
        break;
      case REPLACED:
        enter(
            State.REPLACED,
            "another process, started later, announces as this peer: give every worker its own"
                + " host name and data port");
        // It may be a ghost, from before the clock was set back: its lease ends.
        book.forgotten();
        pauseNs = TimeUnit.MILLISECONDS.toNanos(settings.leaseMs());
        break;
      case UNREADABLE:
        failed(new WireException("the locator cannot read this worker: upgrade all workers"));
        break;
    }
  }

  private void confirmed(Draft draft, boolean isStored) {
    book.confirmed(draft, isStored);
    enter(State.UP, isStored ? "" : "the directory is full: some files are not in it");
    events.announced(
        draft.entry().changes().size(), draft.entry().isFull(), nanoClock.getAsLong() - lastSentNs);
    pauseNs = TimeUnit.MILLISECONDS.toNanos(nextPauseMs(draft));
    if (book.isUrgent()) {
      stepAfterPause();
    }
  }

  private long nextPauseMs(Draft draft) {
    if (!draft.isAll()) {
      return settings.minGapMs();
    }
    if (book.isUrgent()) {
      return gapMs;
    }
    // Between 80 and 100 %, so that a thousand peers started together drift apart.
    long salt = draft.entry().seq() ^ startNs;
    long spread = Math.floorMod(Rendezvous.mix(salt), settings.heartbeatMs() / 5 + 1);
    return settings.heartbeatMs() - spread;
  }

  /** Something urgent was written into the book, for the first time since the announcement. */
  void hurry() {
    if (state == State.UP) {
      pauseNs = Math.min(pauseNs, TimeUnit.MILLISECONDS.toNanos(gapMs));
      stepAfterPause();
    }
    step();
  }

  /** Whoever writes into the book from now on need not say so. */
  private void stepAfterPause() {
    long restNs = lastSentNs + pauseNs - nanoClock.getAsLong();
    if (restNs > 0) {
      loop.schedule(this::step, restNs, TimeUnit.NANOSECONDS);
    }
  }

  private void failed(Throwable error) {
    events.announceFailed(error);
    enter(State.DOWN, Futures.reasonOf(error));
    long doubledNs = Math.max(TimeUnit.MILLISECONDS.toNanos(settings.minGapMs()), pauseNs * 2);
    pauseNs = Math.min(doubledNs, TimeUnit.MILLISECONDS.toNanos(settings.heartbeatMs()));
  }

  private void enter(State next, String why) {
    failure = why;
    if (state == next) {
      return;
    }
    State before = state;
    state = next;
    if (next == State.UP) {
      LOG.info("The locator at {} has this worker's files", transport.describe());
      events.reachable(true);
    } else {
      LOG.warn(
          "The locator at {}: {} ({} before). Known peers and the origin go on serving.",
          transport.describe(),
          why,
          before);
      events.reachable(false);
    }
  }
}
