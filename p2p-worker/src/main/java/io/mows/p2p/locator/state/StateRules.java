// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.locator.state;

import io.mows.p2p.locator.jobs.WarmupJob;
import io.mows.p2p.locator.protocol.Announcement;
import io.mows.p2p.locator.protocol.DigestEntry;
import io.mows.p2p.locator.protocol.EntryReply;
import io.mows.p2p.locator.protocol.EntryReply.Result;
import io.mows.p2p.locator.protocol.JobEntry;
import io.mows.p2p.locator.protocol.LocatorEntry;
import io.mows.p2p.locator.protocol.LocatorEntry.Departure;
import io.mows.p2p.piece.Rendezvous;

/**
 * What an entry does to a {@link LocatorState}. Uses nothing but the state and the entry, so every
 * member comes to the same result.
 */
public final class StateRules {
  /** What a gap between two entries counts for at most, see {@link LocatorState}. */
  static final long MAX_STEP_MS = 5_000;

  private StateRules() {}

  /** The state after {@code entry}, and what to tell its sender. */
  static Transition apply(LocatorState before, StampedEntry entry) {
    // The first entry ever names this life of the directory.
    long newEpoch = before.epoch() == 0 ? Rendezvous.mix(entry.salt()) | 1 : before.epoch();
    long stepMs = before.lastTimeMs() == 0 ? 0 : entry.timeMs() - before.lastTimeMs();
    StateDraft draft =
        new StateDraft(
            before,
            new StateTimes(
                newEpoch,
                Math.max(before.lastTimeMs(), entry.timeMs()),
                before.clockMs() + Math.max(0, Math.min(stepMs, MAX_STEP_MS))));
    draft.table().expire();
    EntryReply reply = apply(entry.entry(), draft);
    return new Transition(draft.build(), reply);
  }

  private static EntryReply apply(LocatorEntry entry, StateDraft draft) {
    switch (entry.kind()) {
      case Announcement.KIND:
        return draft.reply(draft.table().announce((Announcement) entry));
      case Departure.KIND:
        return draft.reply(draft.table().depart((Departure) entry));
      case DigestEntry.KIND:
        return draft.reply(draft.table().prove((DigestEntry) entry));
      case JobEntry.SUBMISSION:
        return submit(((JobEntry.Submission) entry).job(), draft);
      case JobEntry.STOP:
        return stop(((JobEntry.Stop) entry).jobId(), draft);
      case JobEntry.REMOVAL:
        draft.setJobs(draft.jobs().without(((JobEntry.Removal) entry).jobId()));
        return draft.reply(Result.OK);
      case JobEntry.DISUSE:
        draft.disused(((JobEntry.Disuse) entry).path());
        return draft.reply(Result.OK);
      case JobEntry.REPORT:
        return report((JobEntry.Report) entry, draft);
      case JobEntry.USE:
        return use((JobEntry.Use) entry, draft);
      default:
        throw new IllegalStateException("No rule for an entry of kind " + entry.kind());
    }
  }

  private static EntryReply submit(WarmupJob job, StateDraft draft) {
    boolean fits = draft.jobs().hasRoomFor(job);
    if (fits) {
      draft.setJobs(draft.jobs().withoutReportsOf(draft::isGone).with(job));
    }
    return draft.reply(fits ? Result.OK : Result.LIMITED);
  }

  private static EntryReply stop(String jobId, StateDraft draft) {
    WarmupJob job = draft.jobs().jobs().get(jobId);
    if (job != null && !job.isStopped()) {
      draft.setJobs(draft.jobs().with(job.stop()));
    }
    return draft.reply(Result.OK);
  }

  private static EntryReply report(JobEntry.Report entry, StateDraft draft) {
    if (!draft.lives(entry.peerId(), entry.session())) {
      return draft.reply(Result.FULL_NEEDED);
    }
    draft.setJobs(draft.jobs().with(entry.peerId(), entry.session(), entry.report()));
    return draft.reply(Result.OK);
  }

  private static EntryReply use(JobEntry.Use entry, StateDraft draft) {
    if (!draft.lives(entry.peerId(), entry.session())) {
      return draft.reply(Result.FULL_NEEDED);
    }
    draft.used(entry.peerId(), entry.path(), entry.openings());
    return draft.reply(Result.OK);
  }

  /** An entry with the time and the random number that the leader gave it. Immutable. */
  static final class StampedEntry {
    private final LocatorEntry entry;
    private final long timeMs;
    private final long salt;

    StampedEntry(LocatorEntry entry, long timeMs, long salt) {
      this.entry = entry;
      this.timeMs = timeMs;
      this.salt = salt;
    }

    LocatorEntry entry() {
      return entry;
    }

    long timeMs() {
      return timeMs;
    }

    long salt() {
      return salt;
    }
  }

  /** A state and the reply that goes with it. Immutable. */
  public static final class Transition {
    private final LocatorState state;
    private final EntryReply reply;

    Transition(LocatorState state, EntryReply reply) {
      this.state = state;
      this.reply = reply;
    }

    public LocatorState state() {
      return state;
    }

    public EntryReply reply() {
      return reply;
    }
  }
}
