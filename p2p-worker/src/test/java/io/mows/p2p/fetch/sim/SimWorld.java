// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch.sim;

import io.mows.p2p.fetch.FileSpec;
import io.mows.p2p.fetch.state.MemberQuestion;
import io.mows.p2p.piece.PieceDigest;
import io.mows.p2p.swarm.message.SwarmMessage;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What surrounds simulated workers: time, each other, the origin, the locator. In one anything goes
 * wrong ({@link FuzzWorld}), in the other it is measured how fast they are ({@link CrowdWorld}).
 */
abstract class SimWorld {
  private final SimTime time;
  private final Complaints complaints = new Complaints();
  private final SimOrigin origin;
  private final Map<Long, SimWorker> workers = new LinkedHashMap<>();
  private final Map<Long, PieceDigest> proven = new HashMap<>();

  SimWorld(long seed) {
    this.time = new SimTime(seed);
    this.origin = new SimOrigin(time);
  }

  final void add(SimWorker worker) {
    workers.put(worker.id(), worker);
  }

  final SimTime time() {
    return time;
  }

  final Complaints complaints() {
    return complaints;
  }

  final SimOrigin origin() {
    return origin;
  }

  final SimWorker worker(long id) {
    return workers.get(id);
  }

  final Collection<SimWorker> workers() {
    return workers.values();
  }

  /**
   * Whether {@code worker} asks the origin and gets no answer, which may be its one question at a
   * time; or somebody asks for this file, whom others wait for.
   */
  final boolean isOriginSilent(SimWorker worker, FileSpec file) {
    return workers().stream()
        .anyMatch(
            asker ->
                asker
                    .simTransfers()
                    .silentOrigins()
                    .anyMatch(silent -> asker == worker || silent == file));
  }

  final void prove(FileSpec file, PieceDigest digest) {
    proven.put(file.fileId(), digest);
    if (digest.fileCrc32() != origin.digest(file).fileCrc32()) {
      complaints.add(file + " is proven and wrong");
    }
  }

  final Optional<PieceDigest> proven(long fileId) {
    return Optional.ofNullable(proven.get(fileId));
  }

  /** The same, with what is called written down if somebody wants to know. */
  <T> T traced(long worker, String direction, Class<T> type, T real) {
    return real;
  }

  /** Whether what has been told is told again now and then, and readers do as they like. */
  abstract boolean isFuzzed();

  abstract boolean hasManifests();

  /** Whether the next block can be linked. */
  boolean hasTwin() {
    return false;
  }

  /** For how long the Alluxio master lets a commit wait at most. */
  int commitMs() {
    return 15;
  }

  /** Whether things may go wrong now. */
  abstract boolean isFaulty();

  /** An event was handled: {@code worker} decides at once, or soon. */
  abstract void handled(SimWorker worker);

  /** {@code worker} has decided. */
  abstract void decided(SimWorker worker);

  /** Readers of {@code worker} may have one more piece. */
  abstract void published(SimWorker worker, FileSpec file, int piece);

  // The origin.

  /** Reads a piece; that ends with {@link SimTransfers#write} or {@link SimTransfers#fail}. */
  abstract void read(SimWorker worker, SimTransfers.Row row);

  /** How many pieces at once the connections of {@code worker} with the origin need. */
  abstract int originWidth(SimWorker worker);

  /** Nobody wants this transfer any more; it ends by itself. */
  abstract void calledOff(SimWorker worker, SimTransfers.Row row);

  // The locator.

  abstract void announce(SimWorker worker, FileSpec file, int present, boolean fetching);

  abstract void withdraw(SimWorker worker, long fileId);

  abstract void askMembers(SimWorker worker, List<MemberQuestion> questions);

  // Connections.

  /** What {@code worker} is to others; called once for each. */
  abstract SimPeer newPeer(SimWorker worker);

  abstract void connect(SimWorker worker, long peerId, boolean important);

  abstract void disconnect(SimWorker worker, long peerId);

  abstract void send(SimWorker worker, long peerId, SwarmMessage message);

  /** Whether the decoder of {@code to} passes this on. */
  static boolean isOfUse(SimWorker to, SwarmMessage message) {
    return !(message instanceof SwarmMessage.Bitfield)
        || to.core().pieceCount(message.fileId()) >= 0;
  }
}
