// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch.read;

import io.mows.p2p.fetch.VerifyMode;
import io.mows.p2p.fetch.WrongFile;
import io.mows.p2p.fetch.table.Visible;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.LongConsumer;
import java.util.stream.Collectors;

/** What may be shown of each file, for any thread. Written by the engine's thread. */
public final class VisibleFiles {
  private final Map<Long, Visible> files = new ConcurrentHashMap<>();
  private final List<LongConsumer> onDropped = new CopyOnWriteArrayList<>();
  private final Visible unknown;

  public VisibleFiles(VerifyMode mode) {
    this.unknown = Visible.unknown(mode);
  }

  public Visible of(long fileId) {
    Visible known = files.get(fileId);
    return known == null ? unknown : known;
  }

  /** From now on this is so. */
  public void see(long fileId, Visible now) {
    Visible before = now.isBlank() ? files.remove(fileId) : files.put(fileId, now);
    if (now.generation() != (before == null ? unknown : before).generation()) {
      onDropped.forEach(listener -> listener.accept(fileId));
    }
  }

  /** The files that are wrong. */
  public List<WrongFile> wrongFiles() {
    return files.values().stream()
        .map(Visible::wrong)
        .filter(Objects::nonNull)
        .collect(Collectors.toList());
  }

  /**
   * @param listener told of each file whose {@link Visible#generation} is another one now, on the
   *     engine's thread; must return at once
   */
  public void onDropped(LongConsumer listener) {
    onDropped.add(listener);
  }
}
