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

  @Override
  protected FaultyLink linkTo(InetSocketAddress target) {
    return FaultyLink.loopback(target);
  }
}
