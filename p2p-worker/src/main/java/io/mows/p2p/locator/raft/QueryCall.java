// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.locator.raft;

import io.mows.p2p.locator.state.LocatorReplica;
import java.io.IOException;

/**
 * Asks one member, and the next one if that does not answer or is far behind. If all are, the
 * newest of their answers counts.
 */
final class QueryCall extends MemberCall {
  private final byte[] query;
  private final long staleMs;
  private int attempts;
  private MemberLink next;
  private byte[] bestAnswer;
  private long bestAgeMs = Long.MAX_VALUE;

  /**
   * @param patienceMs how much longer than usual each attempt may take
   */
  QueryCall(
      GroupMembers members,
      ClientSeal seal,
      RaftLocatorSettings.Timing timing,
      byte[] query,
      long patienceMs) {
    super(members, seal, timing, patienceMs);
    this.query = query;
    this.staleMs = timing.staleMs();
    this.next = members.reader();
  }

  @Override
  void attempt() {
    attempts++;
    MemberLink link = next;
    next = members.after(link);
    send(link, seal.purpose().query(link.member()), query, MemberLink::read);
  }

  @Override
  void answered(MemberLink link, byte[] answer) throws IOException {
    long ageMs = LocatorReplica.answerAgeMs(answer);
    if (ageMs < bestAgeMs) {
      bestAgeMs = ageMs;
      bestAnswer = answer;
    }
    if (ageMs <= staleMs) {
      members.answers(link);
      result.complete(answer);
    } else {
      nextMember(new IOException(link.member() + " is " + ageMs + " ms behind"));
    }
  }

  @Override
  void failed(MemberLink link, Throwable error) {
    nextMember(error);
  }

  private void nextMember(Throwable error) {
    if (attempts % members.count() != 0) {
      again(error, 0);
    } else if (bestAnswer != null) {
      result.complete(bestAnswer);
    } else {
      again(error, RETRY_MS);
    }
  }
}
