// SPDX-License-Identifier: Apache-2.0
package io.mows.channel.rdma;

import io.netty.util.internal.PlatformDependent;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * RDMA in the memory of this process. A READ copies what is registered and completes with an error
 * if it reaches for anything else; memory is never touched for a queue pair that is closed.
 */
final class FakeVerbs implements Verbs {
  private static final AtomicInteger NEXT = new AtomicInteger(1_000);
  private static final Map<Integer, FakeVerbs> LISTENING = new ConcurrentHashMap<>();
  private static final Map<Integer, FakeRegion> REGIONS = new ConcurrentHashMap<>();

  /** Nothing is closed while a READ copies. */
  private static final Object DEVICE = new Object();

  private final int port = NEXT.getAndIncrement();
  private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
  private final BlockingQueue<Runnable> completions = new LinkedBlockingQueue<>();
  private final AtomicInteger open = new AtomicInteger();
  private volatile boolean refusing;
  private volatile boolean failing;
  private volatile boolean holding;
  private volatile boolean memoryIsShort;
  private volatile boolean isLost;
  private final List<Runnable> held = new ArrayList<>();

  FakeVerbs() {
    LISTENING.put(port, this);
  }

  /** From now on nobody can dial it. */
  void refuse() {
    refusing = true;
  }

  /** From now on READs fail, or no longer. */
  void fail(boolean now) {
    failing = now;
  }

  /** From now on nothing can be registered. */
  void runOutOfMemory() {
    memoryIsShort = true;
  }

  /** The device is pulled out: it has no address any more. */
  void lose() {
    isLost = true;
  }

  boolean isClosed() {
    return !LISTENING.containsKey(port);
  }

  /** From now on READs do not end, or no longer. */
  void hold(boolean now) {
    synchronized (held) {
      holding = now;
      if (!now) {
        held.forEach(Runnable::run);
        held.clear();
      }
    }
  }

  /** Domains, regions and queue pairs that were not closed. */
  int openThings() {
    return open.get();
  }

  @Override
  public InetSocketAddress address() {
    if (isLost) {
      throw new IllegalStateException("the device is lost");
    }
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
  }

  @Override
  public Event nextEvent(int timeoutMs) throws IOException {
    try {
      return events.poll(timeoutMs, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  @Override
  public void awaitCompletions(int timeoutMs, CompletionHandler handler) throws IOException {
    try {
      Runnable next = completions.poll(timeoutMs, TimeUnit.MILLISECONDS);
      if (next != null) {
        current = handler;
        next.run();
      }
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  private CompletionHandler current;

  @Override
  public Domain newDomain() {
    return new FakeDomain();
  }

  @Override
  public QueuePair dial(
      InetSocketAddress peer, byte[] token, Domain local, int depth, int timeoutMs)
      throws IOException {
    FakeVerbs other = LISTENING.get(peer.getPort());
    if (other == null || other.refusing) {
      throw new IOException("it does not answer");
    }
    FakePair mine = new FakePair((FakeDomain) local);
    FakeIncoming incoming = other.new FakeIncoming(mine);
    other.events.add(Event.requested(incoming, token));
    try {
      incoming.answered.poll(timeoutMs, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
    if (mine.far == null) {
      mine.close();
      throw new IOException("it refuses");
    }
    return mine;
  }

  @Override
  public void close() {
    LISTENING.remove(port);
  }

  private final class FakeDomain implements Domain {
    private FakeDomain() {
      open.incrementAndGet();
    }

    @Override
    public Region register(long address, int lengthBytes, boolean remote) throws IOException {
      if (memoryIsShort) {
        throw new IOException("Cannot allocate memory");
      }
      return new FakeRegion(this, address, lengthBytes, remote);
    }

    @Override
    public void close() {
      for (FakeRegion region : REGIONS.values()) {
        if (region.domain == this) {
          throw new IllegalStateException("a region is open");
        }
      }
      open.decrementAndGet();
    }
  }

  private final class FakeRegion implements Region {
    private final FakeDomain domain;
    private final long address;
    private final int lengthBytes;
    private final boolean remote;
    private final int key = NEXT.getAndIncrement();

    private FakeRegion(FakeDomain domain, long address, int lengthBytes, boolean remote) {
      this.domain = domain;
      this.address = address;
      this.lengthBytes = lengthBytes;
      this.remote = remote;
      open.incrementAndGet();
      REGIONS.put(key, this);
    }

    private boolean holds(long from, int count) {
      return from >= address && from + count <= address + lengthBytes;
    }

    @Override
    public int localKey() {
      return key;
    }

    @Override
    public int remoteKey() {
      return key;
    }

    @Override
    public void close() {
      // Not while a READ copies.
      synchronized (DEVICE) {
        if (REGIONS.remove(key) == null) {
          throw new IllegalStateException("closed twice");
        }
        open.decrementAndGet();
      }
    }
  }

  private final class FakeIncoming implements Incoming {
    private final FakePair dialler;
    private final BlockingQueue<Integer> answered = new LinkedBlockingQueue<>();

    private FakeIncoming(FakePair dialler) {
      this.dialler = dialler;
    }

    @Override
    public QueuePair accept(Domain domain) {
      FakePair pair = new FakePair((FakeDomain) domain);
      pair.far = dialler;
      dialler.onEnd = () -> events.add(Event.ended(this));
      dialler.far = pair;
      answered.add(1);
      return pair;
    }

    @Override
    public void reject() {
      answered.add(1);
    }
  }

  private final class FakePair implements QueuePair {
    private final FakeDomain domain;
    private volatile FakePair far;
    private volatile Runnable onEnd = () -> {};
    private volatile boolean closed;
    private volatile boolean broken;

    private FakePair(FakeDomain domain) {
      this.domain = domain;
      open.incrementAndGet();
    }

    @Override
    public void post(List<Read> reads) {
      for (Read read : reads) {
        Runnable end = () -> completions.add(() -> complete(read));
        synchronized (held) {
          if (holding) {
            held.add(end);
          } else {
            end.run();
          }
        }
      }
    }

    private void complete(Read read) {
      String error;
      synchronized (DEVICE) {
        if (closed) {
          return; // As a device: nothing is written, and nothing is reported.
        }
        error = copy(read);
      }
      broken |= error != null;
      if (error != null || read.isSignalled()) {
        current.completed(read.id(), error);
      }
    }

    private String copy(Read read) {
      FakeRegion to = REGIONS.get(read.localKey());
      if (to == null || to.domain != domain || !to.holds(read.localAddress(), read.lengthBytes())) {
        throw new AssertionError("A READ into memory that is not ours");
      }
      FakeRegion from = REGIONS.get(read.remoteKey());
      if (broken || failing || far.closed) {
        return "the connection is broken";
      }
      if (from == null
          || !from.remote
          || from.domain != far.domain
          || !from.holds(read.remoteAddress(), read.lengthBytes())) {
        return "remote access error";
      }
      PlatformDependent.copyMemory(read.remoteAddress(), read.localAddress(), read.lengthBytes());
      return null;
    }

    @Override
    public void close() {
      synchronized (DEVICE) {
        if (closed) {
          throw new IllegalStateException("closed twice");
        }
        closed = true;
      }
      open.decrementAndGet();
      onEnd.run();
    }
  }
}
