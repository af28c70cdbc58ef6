// SPDX-License-Identifier: Apache-2.0
package io.mows.channel.netty;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;

/**
 * Who may upload now. So many uploads at once in all, so many per peer; peers that wait take turns,
 * one upload each, however many each of them asks for. Thread-safe.
 *
 * @param <U> an upload
 */
final class UploadSlots<U> {
  private final int max;
  private final int maxPerPeer;
  private final int maxQueuedPerPeer;
  private final Deque<Peer> turns = new ArrayDeque<>();
  private int taken;

  UploadSlots(int max, int maxPerPeer, int maxQueuedPerPeer) {
    this.max = max;
    this.maxPerPeer = maxPerPeer;
    this.maxQueuedPerPeer = maxQueuedPerPeer;
  }

  /**
   * @param starter starts an upload that got a slot; called on any thread, must only pass it on
   */
  Peer newPeer(Consumer<U> starter) {
    return new Peer(starter);
  }

  /** Hands out the free slots. */
  private void handOut() {
    List<Runnable> starts = new ArrayList<>();
    synchronized (this) {
      while (taken < max && !turns.isEmpty()) {
        Peer peer = turns.poll();
        peer.hasTurn = false;
        U next = peer.queue.poll();
        if (next != null) {
          taken++;
          peer.taken++;
          starts.add(() -> peer.starter.accept(next));
          peer.queueUp();
        }
      }
    }
    starts.forEach(Runnable::run);
  }

  /** The uploads of one peer. */
  final class Peer {
    private final Consumer<U> starter;
    private final Deque<U> queue = new ArrayDeque<>();
    private int taken;
    private boolean hasTurn;

    private Peer(Consumer<U> starter) {
      this.starter = starter;
    }

    /** Queues an upload; false if the queue is full. */
    boolean offer(U upload) {
      synchronized (UploadSlots.this) {
        if (queue.size() >= maxQueuedPerPeer) {
          return false;
        }
        queue.add(upload);
        queueUp();
      }
      handOut();
      return true;
    }

    /** Takes an upload out of the queue again; false if it has left the queue already. */
    boolean withdraw(U upload) {
      synchronized (UploadSlots.this) {
        return queue.remove(upload);
      }
    }

    /** Gives back the slot of an upload that was started. */
    void done() {
      synchronized (UploadSlots.this) {
        taken--;
        UploadSlots.this.taken--;
        queueUp();
      }
      handOut();
    }

    /** Takes all that waits out of the queue. */
    void clear() {
      synchronized (UploadSlots.this) {
        queue.clear();
      }
    }

    private void queueUp() {
      if (!hasTurn && taken < maxPerPeer && !queue.isEmpty()) {
        hasTurn = true;
        turns.add(this);
      }
    }
  }
}
