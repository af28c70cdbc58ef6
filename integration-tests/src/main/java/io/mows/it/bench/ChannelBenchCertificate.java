// SPDX-License-Identifier: Apache-2.0
package io.mows.it.bench;

import io.mows.channel.security.TlsFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** The certificate of {@link ChannelBench}'s two processes, which is its own CA. */
final class ChannelBenchCertificate {
  private ChannelBenchCertificate() {}

  /**
   * Makes it with openssl.
   *
   * @throws IOException if there is no openssl
   */
  static void create(Path dir) throws IOException, InterruptedException {
    TlsFiles files = in(dir);
    List<String> command =
        List.of(
            "openssl",
            "req",
            "-x509",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:P-256",
            "-nodes",
            "-days",
            "2",
            "-subj",
            "/CN=bench",
            "-addext",
            "subjectAltName=DNS:localhost,IP:127.0.0.1",
            "-keyout",
            files.key().toString(),
            "-out",
            files.certificates().toString());
    try {
      Process openssl =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(dir.resolve("openssl.log").toFile())
              .start();
      if (openssl.waitFor() != 0) {
        throw new IOException("openssl failed, see " + dir.resolve("openssl.log"));
      }
    } catch (IOException e) {
      throw new IOException("No certificate for TLS: apt-get install openssl", e);
    }
  }

  /** The one that was made there. */
  static TlsFiles in(Path dir) {
    Path certificate = dir.resolve("cert.pem");
    return new TlsFiles(certificate, dir.resolve("key.pem"), certificate);
  }
}
