// SPDX-License-Identifier: Apache-2.0
package io.mows.channel.netty;

import io.mows.channel.ChannelSettings;
import io.mows.channel.DataChannelProvider;
import io.mows.channel.testing.DataChannelContractTests;
import io.mows.channel.testing.FaultyLink;
import java.net.InetSocketAddress;

/** TCP as most clusters use it. */
class TcpTest extends DataChannelContractTests {
  @Override
  protected DataChannelProvider provider() {
    return new TcpProvider();
  }

  @Override
  protected ChannelSettings.Builder adapt(ChannelSettings.Builder settings) throws Exception {
    return settings.bind("127.0.0.1", 0);
  }

  @Override
  protected FaultyLink linkTo(InetSocketAddress target) {
    return FaultyLink.tcp(target);
  }
}
