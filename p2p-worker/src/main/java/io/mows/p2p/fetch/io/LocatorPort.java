// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch.io;

import io.mows.p2p.fetch.FileSpec;
import io.mows.p2p.fetch.core.Mailbox;
import io.mows.p2p.fetch.core.MemberLookups;
import io.mows.p2p.fetch.state.LocatorEffects;
import io.mows.p2p.fetch.state.MemberQuestion;
import io.mows.p2p.locator.Coverage;
import io.mows.p2p.locator.FileInfo;
import io.mows.p2p.locator.Holder;
import io.mows.p2p.locator.Locator;
import io.mows.p2p.locator.LocatorHealth;
import io.mows.p2p.locator.Lookup;
import io.mows.p2p.locator.PeerInfo;
import io.mows.p2p.peer.PeerRelation;
import io.mows.p2p.piece.PieceDigest;
import io.mows.p2p.swarm.SwarmNode;
import io.mows.p2p.swarm.message.SwarmMember;
import io.mows.p2p.swarm.message.SwarmMember.Role;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** Tells the locator what this worker has, and asks it. Methods are for the engine's thread. */
public final class LocatorPort implements LocatorEffects {
  private final Locator locator;
  private final PeerInfo self;
  private final Consumer<PeerInfo> book;
  private final Mailbox mailbox;

  /**
   * @param book takes where peers can be dialled, on the engine's thread
   */
  public LocatorPort(Locator locator, PeerInfo self, Consumer<PeerInfo> book, Mailbox mailbox) {
    this.locator = locator;
    this.self = self;
    this.book = book;
    this.mailbox = mailbox;
  }

  @Override
  public void announce(FileSpec file, int present, boolean fetching) {
    locator.announce(
        new FileInfo(file.fileId(), file.path(), file.layout().lengthBytes()),
        Coverage.of(present, file.layout().pieceCount(), fetching));
  }

  @Override
  public void withdraw(long fileId) {
    locator.withdraw(fileId);
  }

  @Override
  public void prove(FileSpec file, PieceDigest digest) {
    locator.prove(file.fileId(), digest);
  }

  /** The digest of a file that others have proven. */
  public void askDigest(long ticket, long fileId) {
    locator
        .digest(fileId)
        .whenComplete(
            (digest, unknown) -> {
              Optional<PieceDigest> known = digest == null ? Optional.empty() : digest;
              mailbox.post(in -> in.digestHeard(ticket, known));
            });
  }

  /** Who takes part in fetching these files. */
  public void askMembers(List<MemberQuestion> questions) {
    LocatorHealth health = locator.health();
    if (health.state() == LocatorHealth.State.DOWN) {
      // Nobody will answer: go on with the peers that are known.
      questions.forEach(question -> tell(question, List.of(), SwarmNode.NO_ANSWER, true));
      return;
    }
    if (health.isAlone()) {
      // The first byte need not wait for the answer. Who has come since then will be in it.
      questions.stream()
          .filter(MemberQuestion::isFirst)
          .forEach(question -> tell(question, List.of(), 1, false));
    }
    List<CompletableFuture<Lookup>> lookups =
        locator.lookup(questions.stream().map(MemberQuestion::fileId).collect(Collectors.toList()));
    for (int i = 0; i < lookups.size(); i++) {
      MemberQuestion question = questions.get(i);
      lookups.get(i).thenAccept(lookup -> answered(question, lookup));
    }
  }

  private void tell(
      MemberQuestion question, List<SwarmMember> members, int workers, boolean isAnswer) {
    mailbox.post(in -> in.members(question.number(), members, workers, isAnswer));
  }

  /** Any thread. */
  private void answered(MemberQuestion question, Lookup lookup) {
    if (!lookup.isKnown()) {
      tell(question, List.of(), MemberLookups.UNKNOWN, true);
      return;
    }
    List<Holder> holders = new ArrayList<>(lookup.neighbours());
    holders.addAll(lookup.owners());
    Map<Long, SwarmMember> members = new LinkedHashMap<>();
    List<PeerInfo> peers = new ArrayList<>();
    for (Holder holder : holders) {
      PeerInfo peer = holder.peer();
      PeerRelation.of(self, peer.group(), peer.role())
          .ifPresent(
              role -> {
                members.put(peer.idHash(), member(holder, role));
                peers.add(peer);
              });
    }
    // Of this worker it may not have heard yet.
    int workers = Math.max(1, lookup.peerCount());
    List<SwarmMember> known = List.copyOf(members.values());
    mailbox.post(
        in -> {
          peers.forEach(book);
          in.members(question.number(), known, workers, true);
        });
  }

  private static SwarmMember member(Holder holder, Role role) {
    Coverage coverage = holder.coverage();
    return new SwarmMember(
        holder.peer().idHash(),
        role,
        coverage.isComplete(),
        coverage.isPartial(),
        coverage.isFetching());
  }
}
