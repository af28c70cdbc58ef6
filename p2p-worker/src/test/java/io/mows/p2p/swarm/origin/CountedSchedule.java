// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.swarm.origin;

import io.mows.channel.Remedy;
import io.mows.p2p.plan.PieceTable;
import java.util.Optional;
import java.util.OptionalLong;

/** A schedule of reads that keeps count of them, as a swarm does. */
public final class CountedSchedule {
  private final OriginSchedule schedule;
  private int reads;

  public CountedSchedule(int maxReads, int firstReads) {
    this.schedule = new OriginSchedule(maxReads, firstReads, () -> reads);
  }

  public void add(PieceTable plan) {
    schedule.add(plan);
  }

  void remove(PieceTable plan) {
    schedule.remove(plan);
  }

  void widen(int pieces) {
    schedule.widen(pieces);
  }

  public Optional<OriginStart> next(long nowNs) {
    return counted(schedule.next(nowNs));
  }

  Optional<OriginStart> next(long nowNs, int limit) {
    return counted(schedule.next(nowNs, limit));
  }

  private Optional<OriginStart> counted(Optional<OriginStart> start) {
    reads += start.isPresent() ? 1 : 0;
    return start;
  }

  public void landed(PieceTable plan, int piece) {
    reads--;
    schedule.landed();
    plan.landed(piece);
  }

  public boolean failed(PieceTable plan, int piece, Remedy remedy, long nowNs) {
    reads--;
    return plan.failed(piece, remedy, nowNs);
  }

  public void withdrawn(PieceTable plan, int piece, long untilNs) {
    reads--;
    plan.withdrawn(piece, untilNs);
  }

  public OptionalLong nextPauseEndNs() {
    return schedule.nextPauseEndNs();
  }

  public int readsInFlight() {
    return reads;
  }
}
