// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.peer;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

/** All hosts are this machine; for some of them no name server answers. */
public final class FakeNames implements HostResolver, AutoCloseable {
  private final CountDownLatch end = new CountDownLatch(1);
  private final Set<String> silent = ConcurrentHashMap.newKeySet();
  private final List<String> asked = new CopyOnWriteArrayList<>();
  private final List<String> threads = new CopyOnWriteArrayList<>();

  /** From now on nobody learns the address of {@code host}. */
  public void silence(String host) {
    silent.add(host);
  }

  public void unsilence(String host) {
    silent.remove(host);
  }

  public List<String> asked() {
    return asked;
  }

  /** A thread is with the name server for {@code host}, or has been. */
  public void awaitAsked(String host) throws InterruptedException {
    while (!asked.contains(host)) {
      Thread.sleep(1);
    }
  }

  /** The names of the threads that have asked. */
  public List<String> threads() {
    return threads;
  }

  @Override
  public InetAddress resolve(String host) throws UnknownHostException {
    asked.add(host);
    threads.add(Thread.currentThread().getName());
    if (silent.contains(host)) {
      awaitEnd();
      throw new UnknownHostException(host);
    }
    return InetAddress.getByAddress(host, new byte[] {127, 0, 0, 1});
  }

  /** As in the system's resolver, an interrupt ends nothing. */
  private void awaitEnd() {
    while (true) {
      try {
        end.await();
        return;
      } catch (InterruptedException e) {
        // It goes on waiting for its name server.
      }
    }
  }

  @Override
  public void close() {
    end.countDown();
  }
}
