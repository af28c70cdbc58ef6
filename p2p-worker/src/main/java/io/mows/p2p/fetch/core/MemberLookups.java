// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.fetch.core;

import io.mows.p2p.fetch.core.MemberQuestions.Question;
import io.mows.p2p.fetch.file.FileFetch;
import io.mows.p2p.fetch.state.FetchEffects;
import io.mows.p2p.fetch.state.MemberQuestion;
import io.mows.p2p.fetch.state.Peers;
import io.mows.p2p.fetch.table.AskTimes;
import io.mows.p2p.swarm.SwarmNode;
import io.mows.p2p.swarm.message.SwarmMember;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * Has the locator asked who takes part in the swarms of the files that are being fetched, when
 * {@link AskTimes} says so. All files are asked for once, so that what somebody has is not read
 * from the origin; then only those whose turn it is, because peers that are connected tell of all
 * others themselves. For the engine's thread.
 */
public final class MemberLookups {
  /** Instead of the number of workers: the locator has answered and does not know. */
  public static final int UNKNOWN = -1;

  private final long self;
  private final Peers peers;
  private final FetchEffects effects;
  private final MemberQuestions questions = new MemberQuestions();
  private final Map<Long, Asked> asked = new HashMap<>();
  private long next;

  /**
   * @param self this worker's id
   */
  public MemberLookups(long self, Peers peers, FetchEffects effects) {
    this.self = self;
    this.peers = peers;
    this.effects = effects;
  }

  /** From now on members are asked for when it is the file's turn. */
  public void started(FileFetch fetch, long nowNs) {
    questions.add(fetch, nowNs);
  }

  /** Something has happened to {@code fetch}. */
  public void advanced(FileFetch fetch) {
    questions.changed(fetch);
  }

  public void ended(long fileId) {
    questions.remove(fileId);
  }

  /**
   * Asks what is to be asked now.
   *
   * @return when to call again
   */
  public OptionalLong poll(long nowNs) {
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
    List<MemberQuestion> due = new ArrayList<>();
    for (Question question : askable) {
      if (question.times.isDueSoon(nowNs)) {
        long number = next++;
        boolean isFirst = !question.times.wasAsked();
        due.add(new MemberQuestion(number, question.fetch.file().fileId(), isFirst));
        asked.put(number, new Asked(question, nowNs));
        questions.begun(question);
      }
    }
    if (!due.isEmpty()) {
      effects.questions().askMembers(due);
    }
  }

  /**
   * The locator has answered, or will not, or says something before it answers.
   *
   * @return the file that it is about; empty if nobody wants to know any more
   */
  public OptionalLong answered(
      long number, List<SwarmMember> members, int workers, boolean isAnswer) {
    Asked known = isAnswer ? asked.remove(number) : asked.get(number);
    if (known == null) {
      return OptionalLong.empty();
    }
    boolean isWanted = questions.isOf(known.question);
    if (isAnswer) {
      boolean isKnown = isWanted && workers > SwarmNode.NO_ANSWER;
      questions.asked(known.question, known.askedNs, isKnown && isConnectedToAll(members));
    }
    return isWanted && workers != UNKNOWN
        ? OptionalLong.of(known.question.fetch.file().fileId())
        : OptionalLong.empty();
  }

  /** While this worker fetches, the locator names it as well. */
  public boolean isConnectedToAll(List<SwarmMember> members) {
    return members.stream()
        .allMatch(member -> member.peerId() == self || peers.isConnected(member.peerId()));
  }

  /** A question that was asked. Immutable. */
  private static final class Asked {
    private final Question question;
    private final long askedNs;

    public Asked(Question question, long askedNs) {
      this.question = question;
      this.askedNs = askedNs;
    }
  }
}
