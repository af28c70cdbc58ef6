// SPDX-License-Identifier: Apache-2.0
package io.mows.channel.netty;

import io.mows.channel.ChannelSettings;
import io.mows.channel.DataChannelProvider;
import io.mows.channel.testing.DataChannelContractTests;
import io.mows.channel.testing.FaultyLink;
import java.net.InetSocketAddress;

/** The provider that tests use. */
final class LoopbackTest extends DataChannelContractTests {
  @Override
  protected DataChannelProvider provider() {
    return new LoopbackProvider();
  }

  @Override
  protected ChannelSettings.Builder adapt(ChannelSettings.Builder settings) {
    return settings.bind("loopback", LoopbackProvider.freePort());
  }

  /**
   * What is on its way to a peer is freed there. Netty's pool may put it into the cache of the
   * sender's thread in the moment in which that ends, and then counts it as in use for ever ({@code
   * PoolThreadCache.add}). The leak detector sees that it was released.
   */
  @Override
  protected boolean freesItsBuffers() {
    return false;
  }

  @Override
  protected FaultyLink linkTo(InetSocketAddress target) {
    return FaultyLink.loopback(target);
  }
}
