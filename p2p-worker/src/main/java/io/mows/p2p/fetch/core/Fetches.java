// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch.core;

import io.mows.p2p.fetch.file.FileFetch;
import io.mows.p2p.fetch.file.NextStep;
import io.mows.p2p.fetch.table.Tickets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The fetches of a worker, one for each file. For the engine's thread.
 *
 * <p>A step of the engine looks at those to which something has happened ({@link #touch}) and at no
 * others: what one piece costs must not grow with how many files there are.
 */
public final class Fetches {
  private final Map<Long, FileFetch> byFile = new HashMap<>();

  /** Those as well that are over and have still to hear of something that they have asked for. */
  private final Map<Integer, FileFetch> byNumber = new HashMap<>();

  private Set<FileFetch> touched = new LinkedHashSet<>();
  private boolean isBackgroundHeld;
  private long advanced;

  public Optional<FileFetch> get(long fileId) {
    return Optional.ofNullable(byFile.get(fileId));
  }

  /** The fetch that this ticket was given to, over or not; null if nothing is still to come. */
  public FileFetch of(long ticket) {
    return byNumber.get(Tickets.fetchOf(ticket));
  }

  /** Something that {@code fetch} has asked for has ended. */
  public void answered(FileFetch fetch) {
    if (get(fetch.file().fileId()).orElse(null) != fetch && !fetch.isAsking()) {
      byNumber.remove(fetch.number());
    }
  }

  /** Nothing is being fetched. */
  public boolean isIdle() {
    return byFile.values().stream().allMatch(fetch -> fetch.plan().isIdle());
  }

  /** All of them, as they are now. */
  public List<FileFetch> all() {
    return List.copyOf(byFile.values());
  }

  /** The connection with this peer is over. */
  public void peerLost(long peerId) {
    byFile.values().forEach(fetch -> fetch.transfers().peerLost(peerId));
  }

  public void add(FileFetch fetch) {
    byFile.put(fetch.file().fileId(), fetch);
    fetch.plan().wants().holdBackground(isBackgroundHeld);
    byNumber.put(fetch.number(), fetch);
    fetch.onTouch(() -> touch(fetch));
    touch(fetch);
  }

  /** Something has happened to {@code fetch}. For the engine's thread. */
  public void touch(FileFetch fetch) {
    touched.add(fetch);
  }

  /**
   * Does what can be done now with those to which something has happened. For the engine's thread.
   *
   * @param holdsBackground whether loads and read-ahead have to wait
   * @param changed told of each of them
   * @return those that are to begin anew
   */
  public List<FileFetch> advance(boolean holdsBackground, Consumer<FileFetch> changed) {
    if (holdsBackground != isBackgroundHeld) {
      isBackgroundHeld = holdsBackground;
      all().forEach(fetch -> fetch.plan().wants().holdBackground(holdsBackground));
    }
    if (touched.isEmpty()) {
      return List.of();
    }
    List<FileFetch> restarts = new ArrayList<>();
    Set<FileFetch> now = touched;
    touched = new LinkedHashSet<>();
    for (FileFetch fetch : now) {
      advanced++;
      NextStep next = fetch.advance();
      if (next == NextStep.LOOK_AGAIN) {
        touch(fetch);
      } else if (next == NextStep.RESTART) {
        restarts.add(fetch);
      }
      changed.accept(fetch);
    }
    return restarts;
  }

  /** How often a fetch has been looked at until now: what all this costs. */
  public long advanced() {
    return advanced;
  }

  /** Returns false if it is not one of them, or not any more. */
  public boolean remove(FileFetch fetch) {
    boolean was = byFile.remove(fetch.file().fileId(), fetch);
    touched.remove(fetch);
    return was;
  }

  /** Removes those that nothing has been wanted of for {@code lingerNs}, and returns them. */
  public List<FileFetch> removeOver(long nowNs, long lingerNs) {
    List<FileFetch> over = new ArrayList<>();
    for (FileFetch fetch : all()) {
      if (fetch.isEnding(nowNs, lingerNs)) {
        remove(fetch);
        over.add(fetch);
      }
    }
    return over;
  }
}
