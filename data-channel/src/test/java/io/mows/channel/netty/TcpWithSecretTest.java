// SPDX-License-Identifier: Apache-2.0
package io.mows.channel.netty;

import io.mows.channel.ChannelSettings;
import io.mows.channel.testing.TestSecrets;

/** TCP between workers that share a secret. */
final class TcpWithSecretTest extends TcpTest {
  @Override
  protected ChannelSettings.Builder adapt(ChannelSettings.Builder settings) throws Exception {
    return super.adapt(settings).trust(TestSecrets.create(dir, "the secret of the cluster"));
  }
}
