// SPDX-License-Identifier: Apache-2.0
package io.mows.channel.netty;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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

  Peer newPeer() {
    return new Peer();
  }

  /** Hands out the free slots. */
  private void handOut() {
    List<Runnable> starts = new ArrayList<>();
    synchronized (this) {
      while (taken < max && !turns.isEmpty()) {
        Peer peer = turns.poll();
        peer.hasTurn = false;
        if (!peer.queue.isEmpty()) {
          taken++;
          peer.taken++;
          starts.add(peer.first());
          peer.queueUp();
        }
      }
    }
    starts.forEach(Runnable::run);
  }

  /** The uploads of one peer, on all its connections. */
  final class Peer {
    private final Map<U, Consumer<U>> queue = new LinkedHashMap<>();
    private int taken;
    private boolean hasTurn;

    private Peer() {}

    /**
     * Queues an upload; false if the queue is full.
     *
     * @param starter starts it when it gets a slot; called on any thread, must only pass it on
     */
    boolean offer(U upload, Consumer<U> starter) {
      synchronized (UploadSlots.this) {
        if (queue.size() >= maxQueuedPerPeer) {
          return false;
        }
        queue.put(upload, starter);
        queueUp();
      }
      handOut();
      return true;
    }

    /** Takes an upload out of the queue again; false if it has left the queue already. */
    boolean withdraw(U upload) {
      synchronized (UploadSlots.this) {
        return queue.remove(upload) != null;
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

    private Runnable first() {
      Iterator<Map.Entry<U, Consumer<U>>> entries = queue.entrySet().iterator();
      Map.Entry<U, Consumer<U>> first = entries.next();
      U upload = first.getKey();
      Consumer<U> starter = first.getValue();
      entries.remove();
      return () -> starter.accept(upload);
    }

    private void queueUp() {
      if (!hasTurn && taken < maxPerPeer && !queue.isEmpty()) {
        hasTurn = true;
        turns.add(this);
      }
    }
  }
}
