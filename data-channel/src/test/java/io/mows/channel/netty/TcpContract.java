// SPDX-License-Identifier: Apache-2.0
package io.mows.channel.netty;

import io.mows.channel.ChannelSettings;
import io.mows.channel.DataChannelProvider;
import io.mows.channel.testing.DataChannelContract;
import io.mows.channel.testing.FaultyLink;
import java.net.InetSocketAddress;

/** Workers with TCP channels, for the tests of what only TCP has. */
abstract class TcpContract extends DataChannelContract {
  @Override
  protected DataChannelProvider provider() {
    return new TcpProvider();
  }

  @Override
  protected ChannelSettings.Builder adapt(ChannelSettings.Builder settings) {
    return settings.bind("127.0.0.1", 0);
  }

  @Override
  protected FaultyLink linkTo(InetSocketAddress target) {
    return FaultyLink.tcp(target);
  }
}
