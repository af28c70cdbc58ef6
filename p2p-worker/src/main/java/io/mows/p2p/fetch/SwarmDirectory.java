// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch;

import io.mows.p2p.fetch.MemberQuestions.Question;
import io.mows.p2p.locator.Coverage;
import io.mows.p2p.locator.FileInfo;
import io.mows.p2p.locator.Holder;
import io.mows.p2p.locator.Locator;
import io.mows.p2p.locator.LocatorHealth;
import io.mows.p2p.locator.Lookup;
import io.mows.p2p.locator.PeerInfo;
import io.mows.p2p.peer.PeerRelation;
import io.mows.p2p.piece.PieceDigest;
import io.mows.p2p.swarm.SwarmMember;
import io.mows.p2p.swarm.SwarmNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * Tells the locator what this worker has, and asks it who takes part in the swarms of the files
 * that are being fetched, when {@link AskTimes} says so. All files are asked for once, so that what
 * somebody has is not read from the origin; then only those whose turn it is, because peers that
 * are connected tell of all others themselves. For the engine's thread.
 */
final class SwarmDirectory {
  private final Locator locator;
  private final PeerInfo self;
  private final Answers answers;
  private final Consumer<Runnable> engineThread;
  private final MemberQuestions questions = new MemberQuestions();

  /** Takes what the locator says, on the engine's thread. */
  interface Answers {
    /** A peer exists and can be dialled. */
    void peer(PeerInfo peer);

    boolean isConnected(long peerId);

    /**
     * @param workers how many workers there are; {@link SwarmNode#NO_ANSWER} if nobody says
     */
    void members(long fileId, List<SwarmMember> members, int workers);
  }

  SwarmDirectory(Locator locator, PeerInfo self, Answers answers, Consumer<Runnable> engineThread) {
    this.locator = locator;
    this.self = self;
    this.answers = answers;
    this.engineThread = engineThread;
  }

  /** This worker has {@code present} pieces of {@code file}. */
  void announce(FileSpec file, int present, boolean fetching) {
    if (present == 0 && !fetching) {
      locator.withdraw(file.fileId());
      return;
    }
    int all = file.layout().pieceCount();
    locator.announce(
        new FileInfo(file.fileId(), file.path(), file.layout().lengthBytes()),
        Coverage.of(present, all, fetching));
  }

  /** This worker has proven {@code file}. */
  void prove(FileSpec file, PieceDigest digest) {
    locator.prove(file.fileId(), digest);
  }

  /** The digest of a file that others have proven; never fails. */
  CompletableFuture<Optional<PieceDigest>> digest(long fileId) {
    return locator.digest(fileId);
  }

  /** From now on members are asked for when it is the file's turn. */
  void started(FileFetch fetch, long nowNs) {
    questions.add(fetch, nowNs);
  }

  /** Something has happened to {@code fetch}. */
  void advanced(FileFetch fetch) {
    questions.changed(fetch);
  }

  void ended(long fileId) {
    questions.remove(fileId);
  }

  /**
   * Asks what is to be asked now.
   *
   * @return when to call again
   */
  OptionalLong poll(long nowNs) {
    List<Question> askable = questions.askable();
    if (isAnyDue(askable, nowNs)) {
      ask(askable, nowNs);
    }
    OptionalLong wake = OptionalLong.empty();
    for (Question question : askable) {
      long nextNs = question.times.nextNs();
      if (!question.open && (wake.isEmpty() || nextNs - wake.getAsLong() < 0)) {
        wake = OptionalLong.of(nextNs);
      }
    }
    return wake;
  }

  private static boolean isAnyDue(List<Question> questions, long nowNs) {
    for (int i = 0; i < questions.size(); i++) {
      if (questions.get(i).times.isDue(nowNs)) {
        return true;
      }
    }
    return false;
  }

  /** What is due soon is asked for with what is due, in one message. */
  private void ask(List<Question> askable, long nowNs) {
    List<Question> asked = new ArrayList<>();
    List<Long> fileIds = new ArrayList<>();
    for (Question question : askable) {
      if (question.times.isDueSoon(nowNs) && begins(question, nowNs)) {
        asked.add(question);
        fileIds.add(question.fetch.file().fileId());
      }
    }
    if (asked.isEmpty()) {
      return;
    }
    List<CompletableFuture<Lookup>> lookups = locator.lookup(fileIds);
    for (int i = 0; i < asked.size(); i++) {
      Question question = asked.get(i);
      lookups
          .get(i)
          .thenAccept(lookup -> engineThread.accept(() -> answered(question, lookup, nowNs)));
    }
  }

  /** Whether the locator is to be asked. */
  private boolean begins(Question question, long nowNs) {
    long fileId = question.fetch.file().fileId();
    LocatorHealth health = locator.health();
    if (health.state() == LocatorHealth.State.DOWN) {
      // Nobody will answer: go on with the peers that are known.
      questions.asked(question, nowNs, false);
      engineThread.accept(() -> answers.members(fileId, List.of(), SwarmNode.NO_ANSWER));
      return false;
    }
    if (health.isAlone() && !question.times.wasAsked()) {
      // The first byte need not wait for the answer. Who has come since then will be in it.
      engineThread.accept(() -> answers.members(fileId, List.of(), 1));
    }
    questions.begun(question);
    return true;
  }

  private void answered(Question question, Lookup lookup, long askedNs) {
    if (!lookup.isKnown() || !questions.isOf(question)) {
      questions.asked(question, askedNs, false);
      return;
    }
    Map<Long, SwarmMember> members = new LinkedHashMap<>();
    List<Holder> holders = new ArrayList<>(lookup.neighbours());
    holders.addAll(lookup.owners());
    for (Holder holder : holders) {
      PeerInfo peer = holder.peer();
      PeerRelation.of(self, peer.group(), peer.role())
          .ifPresent(
              role -> {
                Coverage coverage = holder.coverage();
                members.put(
                    peer.idHash(),
                    new SwarmMember(
                        peer.idHash(),
                        role,
                        coverage.isComplete(),
                        coverage.isPartial(),
                        coverage.isFetching()));
                answers.peer(peer);
              });
    }
    questions.asked(question, askedNs, isConnectedToAll(members.keySet()));
    // Of this worker it may not have heard yet.
    int workers = Math.max(1, lookup.peerCount());
    answers.members(lookup.fileId(), List.copyOf(members.values()), workers);
  }

  /** While this worker fetches, the locator names it as well. */
  boolean isConnectedToAll(Set<Long> members) {
    return members.stream().allMatch(id -> id == self.idHash() || answers.isConnected(id));
  }
}
