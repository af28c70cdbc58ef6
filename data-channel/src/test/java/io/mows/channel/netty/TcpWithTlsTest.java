// SPDX-License-Identifier: Apache-2.0
package io.mows.channel.netty;

import io.mows.channel.ChannelSettings;
import io.mows.channel.security.TlsFiles;
import io.mows.channel.testing.TestCertificates;
import io.mows.channel.testing.TestSecrets;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** TCP with all the protection there is: TLS and a secret. */
final class TcpWithTlsTest extends TcpTest {
  @TempDir static Path certificates;
  private static TlsFiles files;

  @BeforeAll
  static void makeCertificates() throws Exception {
    files = TestCertificates.create(certificates, "127.0.0.1");
  }

  @Override
  protected ChannelSettings.Builder adapt(ChannelSettings.Builder settings) throws Exception {
    return super.adapt(settings)
        .tls(files)
        .trust(TestSecrets.create(dir, "the secret of the cluster"));
  }
}
