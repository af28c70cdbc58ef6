// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.locator.client;

import io.mows.p2p.locator.Coverage;
import io.mows.p2p.locator.FileInfo;
import io.mows.p2p.locator.Locator;
import io.mows.p2p.locator.LocatorEvents;
import io.mows.p2p.locator.LocatorHealth;
import io.mows.p2p.locator.LocatorStatus;
import io.mows.p2p.locator.Lookup;
import io.mows.p2p.locator.PeerInfo;
import io.mows.p2p.locator.PeerLoad;
import io.mows.p2p.locator.protocol.LocatorTransport;
import io.mows.p2p.piece.PieceDigest;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * What a worker tells and asks the locator, in simulated time: when it does is decided by the real
 * {@link Announcer} and {@link LookupQueue}.
 */
public final class VirtualLocator implements Locator {
  /** Those of all workers, but for one: a timeout would go by the machine's clock. */
  private static final LocatorSettings SETTINGS =
      new LocatorSettings(
          LocatorSettings.WORKER.heartbeatMs(),
          LocatorSettings.WORKER.minGapMs(),
          LocatorSettings.WORKER.leaseMs(),
          LocatorSettings.WORKER.lookupFreshMs(),
          TimeUnit.DAYS.toMillis(1),
          LocatorSettings.WORKER.neighbours(),
          LocatorSettings.WORKER.owners());

  private final Time time;
  private final AnnouncementBook book;
  private final Announcer announcer;
  private final LookupQueue lookups;
  private boolean isDead;
  private boolean isHung;

  /** Runs things later in simulated time. */
  public interface Time {
    void later(long delayNs, Runnable task);
  }

  /** Begins to announce. */
  public VirtualLocator(
      PeerInfo self, LocatorTransport transport, LongSupplier nanoClock, Time time) {
    this.time = time;
    this.book = new AnnouncementBook(self, 1, SETTINGS.leaseMs());
    this.announcer =
        new Announcer(
            SETTINGS, book, transport, () -> PeerLoad.NONE, LocatorEvents.NONE, loop(), nanoClock);
    this.lookups = new LookupQueue(SETTINGS, self, transport, LocatorEvents.NONE, nanoClock);
    announcer.start();
  }

  private ScheduledExecutorService loop() {
    return (ScheduledExecutorService)
        Proxy.newProxyInstance(
            ScheduledExecutorService.class.getClassLoader(),
            new Class<?>[] {ScheduledExecutorService.class},
            (proxy, method, args) -> {
              Runnable task = (Runnable) args[0];
              switch (method.getName()) {
                case "execute":
                  time.later(0, task);
                  return null;
                case "schedule":
                  time.later(((TimeUnit) args[2]).toNanos((long) args[1]), task);
                  return null;
                case "scheduleWithFixedDelay":
                  again(task, ((TimeUnit) args[3]).toNanos((long) args[2]));
                  return null;
                default:
                  throw new UnsupportedOperationException(method.getName());
              }
            });
  }

  private void again(Runnable task, long delayNs) {
    if (!isDead) {
      if (!isHung) {
        task.run();
      }
      time.later(delayNs, () -> again(task, delayNs));
    }
  }

  /** Whether it says nothing for a while, as the worker. */
  public void hang(boolean hangs) {
    isHung = hangs;
  }

  /** It says nothing any more; its lease will end. */
  public void die() {
    isDead = true;
  }

  @Override
  public void announce(FileInfo file, Coverage coverage) {
    if (book.put(file, coverage)) {
      time.later(0, announcer::hurry);
    }
  }

  @Override
  public void withdraw(long fileId) {
    if (book.remove(fileId)) {
      time.later(0, announcer::hurry);
    }
  }

  @Override
  public List<CompletableFuture<Lookup>> lookup(List<Long> fileIds) {
    return lookups.lookup(fileIds);
  }

  @Override
  public LocatorHealth health() {
    return announcer.health();
  }

  @Override
  public void prove(long fileId, PieceDigest digest) {
    throw new UnsupportedOperationException();
  }

  @Override
  public CompletableFuture<Optional<PieceDigest>> digest(long fileId) {
    throw new UnsupportedOperationException();
  }

  @Override
  public CompletableFuture<LocatorStatus> status(String pathPrefix, int maxFiles) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void close() {
    die();
  }
}
