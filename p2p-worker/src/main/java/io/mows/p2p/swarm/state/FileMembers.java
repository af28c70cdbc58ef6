// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.swarm.state;

import io.mows.p2p.swarm.message.SwarmMember;
import java.util.List;

/**
 * Who takes part in the swarm of one file, by the locator, and how long to wait for what they say
 * before the origin is asked. For one thread.
 */
public final class FileMembers {
  /** Null before the locator has said anything. */
  private List<SwarmMember> members;

  private boolean isBlind;
  private long holdOriginUntilNs;
  private long patientUntilNs;
  private int groupPeers;

  /**
   * The file is to be fetched; the origin is left alone until then, or until the locator speaks.
   */
  public void fetchBegins(long untilNs, long nowNs) {
    members = null;
    holdOriginUntilNs = untilNs;
    patientUntilNs = nowNs;
  }

  /** What the locator said last. */
  public List<SwarmMember> list() {
    return members == null ? List.of() : members;
  }

  /** Whether the locator says that this peer has a part of the file and does not fetch the rest. */
  boolean isResting(long peerId) {
    return list().stream().anyMatch(member -> member.peerId() == peerId && member.isResting());
  }

  /** The locator has spoken; returns whether for the first time. */
  public boolean heard(List<SwarmMember> newMembers) {
    boolean isFirst = members == null;
    members = newMembers;
    return isFirst;
  }

  /**
   * Says how long to wait for the peers.
   *
   * @param blind the locator has not said who has it: what is connected is all that can be asked
   * @param settleNs for so long nothing is read from the origin
   * @param patienceNs nor for so long while a peer that has a part of the file has not told which
   */
  public void settle(boolean blind, long settleNs, long patienceNs, long nowNs) {
    isBlind = blind;
    holdOriginUntilNs = nowNs + settleNs;
    patientUntilNs = nowNs + patienceNs;
  }

  /** The locator says now who has it: no need to wait longer than this. */
  public void sees(long settleNs, long nowNs) {
    if (isBlind && holdOriginUntilNs - nowNs > settleNs) {
      holdOriginUntilNs = nowNs + settleNs;
    }
    isBlind = false;
  }

  public boolean isBlind() {
    return isBlind;
  }

  /** Whether it is too early to read from the origin, whatever peers say. */
  public boolean isHeld(long nowNs) {
    return nowNs - holdOriginUntilNs < 0;
  }

  /** Whether a peer that has a part of the file may take its time to tell which. */
  public boolean isPatient(long nowNs) {
    return nowNs - patientUntilNs < 0;
  }

  /** When that is over which is waited for now. */
  public long waitsUntilNs(long nowNs) {
    return isHeld(nowNs) ? holdOriginUntilNs : patientUntilNs;
  }

  /** How many others of the group take part, when somebody looked last. */
  public int groupPeers() {
    return groupPeers;
  }

  public void groupPeers(int count) {
    groupPeers = count;
  }
}
