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
import io.mows.p2p.thread.NamedThreads;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The {@link Locator} of a worker, over any {@link LocatorTransport}. One thread. */
public final class LocatorClient implements Locator {
  private static final Logger LOG = LoggerFactory.getLogger(LocatorClient.class);
  private static final long DEPARTURE_MS = 1_000;
  private static final long SHUTDOWN_MS = 5_000;

  private final AnnouncementBook book;
  private final LocatorTransport transport;
  private final Announcer announcer;
  private final LookupQueue lookups;
  private final DigestExchange digests;
  private final LocatorReader reader;
  private final ScheduledThreadPoolExecutor loop;

  /**
   * @param self who this worker is
   * @param session when its process started, in ms: must grow from one start to the next
   * @param load asked at each heartbeat, on the locator's thread; must not block
   * @param transport is closed with this
   * @param nanoClock {@code System::nanoTime}
   */
  public LocatorClient(
      LocatorSettings settings,
      PeerInfo self,
      long session,
      Supplier<PeerLoad> load,
      LocatorTransport transport,
      LocatorEvents events,
      LongSupplier nanoClock) {
    this.transport = transport;
    this.book = new AnnouncementBook(self, session, settings.leaseMs());
    this.loop = NamedThreads.scheduled("mows-locator");
    this.announcer = new Announcer(settings, book, transport, load, events, loop, nanoClock);
    this.lookups = new LookupQueue(settings, self, transport, events, nanoClock);
    this.reader = new LocatorReader(transport);
    this.digests =
        new DigestExchange(
            settings, self, session, transport, loop, () -> announcer.health().epoch(), nanoClock);
    announcer.start();
    digests.start();
  }

  @Override
  public void announce(FileInfo file, Coverage coverage) {
    if (book.put(file, coverage)) {
      loop.execute(announcer::hurry);
    }
  }

  @Override
  public void withdraw(long fileId) {
    if (book.remove(fileId)) {
      loop.execute(announcer::hurry);
    }
    loop.execute(() -> digests.forget(fileId));
  }

  @Override
  public void prove(long fileId, PieceDigest digest) {
    loop.execute(() -> digests.prove(fileId, digest));
  }

  @Override
  public CompletableFuture<Optional<PieceDigest>> digest(long fileId) {
    return digests.ask(fileId);
  }

  @Override
  public List<CompletableFuture<Lookup>> lookup(List<Long> fileIds) {
    return lookups.lookup(fileIds);
  }

  @Override
  public CompletableFuture<LocatorStatus> status(String pathPrefix, int maxFiles) {
    return reader.status(pathPrefix, maxFiles);
  }

  @Override
  public LocatorHealth health() {
    return announcer.health();
  }

  @Override
  public void close() {
    if (loop.isShutdown()) {
      return;
    }
    loop.shutdown();
    try {
      loop.awaitTermination(SHUTDOWN_MS, TimeUnit.MILLISECONDS);
      transport.write(book.departure().toBytes()).get(DEPARTURE_MS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      LOG.debug("The locator did not hear that this worker leaves; its lease will end", e);
    }
    transport.close();
  }
}
