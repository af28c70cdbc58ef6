// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.locator.state;

import io.mows.p2p.locator.LocatorLimits;
import io.mows.p2p.locator.protocol.EntryCodec;
import io.mows.p2p.locator.protocol.EntryReply;
import io.mows.p2p.locator.protocol.EntryReply.Result;
import io.mows.p2p.locator.protocol.LocatorEntry;
import io.mows.p2p.locator.protocol.QueryCodec;
import io.mows.p2p.locator.state.StateRules.StampedEntry;
import io.mows.p2p.locator.state.StateRules.Transition;
import io.mows.p2p.locator.wire.WireException;
import io.mows.p2p.locator.wire.WireReader;
import io.mows.p2p.locator.wire.WireWriter;
import io.mows.p2p.piece.Rendezvous;
import java.io.IOException;
import java.security.SecureRandom;

/**
 * What one member of the locator serves: the current state behind a form that the replication
 * (package {@code raft}) can carry without knowing it. One thread at a time applies and restores;
 * any thread may ask.
 */
public final class LocatorReplica {
  /** What {@link #stamp} adds to an entry. */
  private static final int STAMP_BYTES = 16;

  private static final long NO_ENTRY_AGE_MS = 24 * 3_600_000;

  private final LocatorLimits limits;
  private final SecureRandom random = new SecureRandom();
  private volatile LocatorState state;

  public LocatorReplica() {
    this(LocatorLimits.DEFAULT);
  }

  LocatorReplica(LocatorLimits limits) {
    this.limits = limits;
    this.state = LocatorState.empty(limits);
  }

  /**
   * Makes a log record of an entry: what is read here can be applied by every member. For the
   * member that leads.
   *
   * @param timeMs the wall clock
   * @throws WireException if the entry cannot be read; it must not enter the log
   */
  public byte[] stamp(byte[] entry, long timeMs) throws WireException {
    EntryCodec.read(entry);
    WireWriter record = new WireWriter();
    record.putLong(timeMs).putLong(random.nextLong());
    return record.putBytes(entry, entry.length).toBytes();
  }

  /**
   * Applies a log record and returns the reply to its sender. A record that cannot be read (of a
   * newer version, in the middle of an upgrade) changes nothing and is answered so.
   */
  public byte[] apply(byte[] record) {
    LocatorState before = state;
    try {
      WireReader in = new WireReader(record);
      long timeMs = in.readLong();
      long salt = in.readLong();
      LocatorEntry entry = EntryCodec.read(in.readBytes(record.length - STAMP_BYTES));
      Transition transition = StateRules.apply(before, new StampedEntry(entry, timeMs, salt));
      state = transition.state();
      return transition.reply().toBytes();
    } catch (WireException e) {
      return new EntryReply(Result.UNREADABLE, before.epoch(), before.peers().size()).toBytes();
    }
  }

  /**
   * Answers a question.
   *
   * @param ageMs how far this member may be behind the one that leads
   */
  public byte[] answer(byte[] query, long ageMs) {
    return QueryAnswers.answer(query, state, ageMs);
  }

  /** How long the answer to a question may wait for news; 0 if it is to be answered now. */
  public long patienceMs(byte[] query) {
    return QueryAnswers.patienceMs(query, state);
  }

  /** Another number if there is news for those who wait. */
  public long newsVersion() {
    LocatorState now = state;
    return Rendezvous.mix(now.epoch() ^ now.jobs().version());
  }

  /** Returns the whole state. */
  public byte[] snapshot() {
    return StateCodec.write(state);
  }

  /**
   * Replaces the state by one that {@link #snapshot} returned.
   *
   * @throws WireException if it cannot be read; the state stays what it was
   */
  public void restore(byte[] snapshot) throws WireException {
    state = StateCodec.read(snapshot, limits);
  }

  /** Forgets everything. */
  public void clear() {
    state = LocatorState.empty(limits);
  }

  /** How long ago, by the wall clock, the last entry was made; a day if there was none. */
  public long ageByStampMs(long nowMs) {
    long lastMs = state.lastTimeMs();
    return lastMs == 0 ? NO_ENTRY_AGE_MS : Math.max(0, nowMs - lastMs);
  }

  /**
   * How old an answer says that it is.
   *
   * @throws IOException if it is not one
   */
  public static long answerAgeMs(byte[] answer) throws IOException {
    return QueryCodec.ageMs(answer);
  }

  public int peerCount() {
    return state.peers().size();
  }

  public int fileCount() {
    return state.files().size();
  }

  LocatorState state() {
    return state;
  }
}
