// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.locator.raft;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeerId;

/**
 * The members of a locator group as one worker sees them: how each is reached, what its clock says,
 * which one leads, and which one is asked. Thread-safe.
 */
final class GroupMembers implements AutoCloseable {
  private final List<String> addresses;
  private final MemberChannels channels;
  private final List<MemberLink> links = new ArrayList<>();
  private final List<MemberClock> clocks = new ArrayList<>();
  private volatile int leader;
  private volatile int reader;
  private volatile boolean isClosed;

  /**
   * @param wallMs this worker's clock
   * @param first the index of the member that is asked first, and taken for the leader
   */
  GroupMembers(RaftLocatorSettings settings, LongSupplier wallMs, int first) {
    this.addresses = settings.members();
    this.channels = new MemberChannels(settings.tls());
    RaftGroupId group = settings.group().getGroupId();
    ClientId client = ClientId.randomId();
    for (String member : addresses) {
      links.add(new MemberLink(member, channels, client, group));
      clocks.add(new MemberClock(member, wallMs));
    }
    this.reader = first;
    this.leader = first;
  }

  int count() {
    return links.size();
  }

  /** Where entries go, as far as is known. */
  MemberLink leader() {
    return links.get(leader);
  }

  /** Which one a question goes to first. */
  MemberLink reader() {
    return links.get(reader);
  }

  MemberLink after(MemberLink link) {
    return links.get((links.indexOf(link) + 1) % links.size());
  }

  MemberClock clock(MemberLink link) {
    return clocks.get(links.indexOf(link));
  }

  /** This member answers questions, and is up to date. */
  void answers(MemberLink link) {
    reader = links.indexOf(link);
  }

  /**
   * This member does not take entries: another one is taken for the leader, unless that has been
   * done already.
   *
   * @param suggested the one that it names as the leader
   * @return whether that is one of the group
   */
  boolean doesNotLead(MemberLink tried, Optional<RaftPeerId> suggested) {
    int index = suggested.map(this::indexOf).orElse(-1);
    int before = links.indexOf(tried);
    if (leader == before) {
      leader = index >= 0 ? index : (before + 1) % links.size();
    }
    return index >= 0;
  }

  private int indexOf(RaftPeerId member) {
    for (int i = 0; i < links.size(); i++) {
      if (links.get(i).member().equals(member)) {
        return i;
      }
    }
    return -1;
  }

  /** Which clocks differ from this worker's by too much, in words. */
  List<String> clocksOff() {
    return clocks.stream()
        .filter(MemberClock::isOff)
        .map(MemberClock::toString)
        .collect(Collectors.toList());
  }

  List<String> addresses() {
    return addresses;
  }

  boolean isClosed() {
    return isClosed;
  }

  @Override
  public void close() {
    isClosed = true;
    channels.close();
  }
}
