// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.peer;

import io.mows.channel.ChannelSettings;
import io.mows.channel.DataChannelProvider;
import io.mows.p2p.locator.Locator;
import io.mows.p2p.locator.PeerInfo;

/** What a worker needs to share with others. Immutable; owns nothing. */
public final class Peering {
  private final PeerInfo self;
  private final long session;
  private final Locator locator;
  private final DataChannelProvider provider;
  private final ChannelSettings channelSettings;
  private final HostResolver resolver;
  private final Reachability reachability;

  /**
   * @param self who this worker is; its data address is where the others dial
   * @param session when its process started, in ms: must grow from one start to the next
   * @param locator tells who has what; stays the caller's, to be closed before the engine is
   * @param provider moves the bytes
   */
  public Peering(
      PeerInfo self,
      long session,
      Locator locator,
      DataChannelProvider provider,
      ChannelSettings channelSettings) {
    this(
        self,
        session,
        locator,
        provider,
        channelSettings,
        HostResolver.SYSTEM,
        new Reachability(self));
  }

  private Peering(
      PeerInfo self,
      long session,
      Locator locator,
      DataChannelProvider provider,
      ChannelSettings channelSettings,
      HostResolver resolver,
      Reachability reachability) {
    this.self = self;
    this.session = session;
    this.locator = locator;
    this.provider = provider;
    this.channelSettings = channelSettings;
    this.resolver = resolver;
    this.reachability = reachability;
  }

  /** The same, with names of hosts looked up by {@code other}. */
  public Peering resolvingBy(HostResolver other) {
    return new Peering(self, session, locator, provider, channelSettings, other, reachability);
  }

  public PeerInfo self() {
    return self;
  }

  public long session() {
    return session;
  }

  public Locator locator() {
    return locator;
  }

  public DataChannelProvider provider() {
    return provider;
  }

  public ChannelSettings channelSettings() {
    return channelSettings;
  }

  public HostResolver resolver() {
    return resolver;
  }

  /** Whether others reach this worker; is told by whose connections it can be found out. */
  public Reachability reachability() {
    return reachability;
  }
}
