// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.locator.raft;

import io.mows.p2p.locator.wire.MessageSeal;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.apache.ratis.protocol.RaftGroup;

/** One locator group: its members and how they talk. Immutable. */
public final class RaftLocatorSettings {
  private final List<String> members;
  private final MessageSeal seal;
  private final Optional<LocatorTls> tls;
  private final Timing timing;

  /**
   * @param members {@code host:port} of 1, 3 or 5 workers, in the same words on all workers, in any
   *     order: the list names the group, so another list is another, empty directory
   * @throws IllegalArgumentException if the list is not one, with the remedy
   */
  public RaftLocatorSettings(
      List<String> members, MessageSeal seal, Optional<LocatorTls> tls, Timing timing) {
    this.members = List.copyOf(members);
    this.seal = Objects.requireNonNull(seal);
    this.tls = Objects.requireNonNull(tls);
    this.timing = Objects.requireNonNull(timing);
    int count = members.size();
    if ((count != 1 && count != 3 && count != 5) || new HashSet<>(members).size() != count) {
      throw new IllegalArgumentException(
          "The locator has "
              + members
              + " as members; it needs 1, 3 or 5 different ones: with 2 or 4 one more failure"
              + " stops it than with 1 or 3.");
    }
    members.forEach(RaftNames::port);
  }

  List<String> members() {
    return members;
  }

  MessageSeal seal() {
    return seal;
  }

  /** The group of these members in the cluster of the seal. */
  RaftGroup group() {
    return RaftNames.group(members, seal.trust());
  }

  Optional<LocatorTls> tls() {
    return tls;
  }

  Timing timing() {
    return timing;
  }

  /** Times and sizes. Immutable. */
  public static final class Timing {
    /** A dead leader is replaced within about three seconds. */
    public static final Timing DEFAULT = new Timing(1_000, 1_500, 5_000, 3_000, 50_000, 8 << 20);

    private final long electionMs;
    private final long attemptMs;
    private final long deadlineMs;
    private final long staleMs;
    private final long snapshotEntries;
    private final int segmentBytes;

    /**
     * @param electionMs how long members wait for their leader before they elect another one; up to
     *     twice that
     * @param attemptMs how long a client waits for one member
     * @param deadlineMs how long a client tries in all
     * @param staleMs a member further behind the leader than this is asked only if no other one
     *     answers
     * @param snapshotEntries log entries from one snapshot to the next
     * @param segmentBytes size of a file of the log; what snapshots have made needless is deleted
     *     by whole files
     */
    public Timing(
        long electionMs,
        long attemptMs,
        long deadlineMs,
        long staleMs,
        long snapshotEntries,
        int segmentBytes) {
      this.electionMs = electionMs;
      this.attemptMs = attemptMs;
      this.deadlineMs = deadlineMs;
      this.staleMs = staleMs;
      this.snapshotEntries = snapshotEntries;
      this.segmentBytes = segmentBytes;
    }

    long electionMs() {
      return electionMs;
    }

    long attemptMs() {
      return attemptMs;
    }

    long deadlineMs() {
      return deadlineMs;
    }

    long staleMs() {
      return staleMs;
    }

    long snapshotEntries() {
      return snapshotEntries;
    }

    int segmentBytes() {
      return segmentBytes;
    }
  }
}
