// SPDX-License-Identifier: Apache-2.0
package io.mows.channel.netty;

import io.mows.channel.security.TlsFiles;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.Certificate;
import javax.net.ssl.SSLSession;

/** TLS between workers, both showing their certificate. Immutable. */
final class Tls {
  private static final String[] PROTOCOLS = {"TLSv1.3", "TLSv1.2"};

  private final SslContext accepting;
  private final SslContext dialling;

  /**
   * @throws IOException if the files are of no use; the message is for the operator
   */
  Tls(TlsFiles files) throws IOException {
    try {
      accepting =
          SslContextBuilder.forServer(files.certificates().toFile(), files.key().toFile())
              .trustManager(files.trusted().toFile())
              .clientAuth(ClientAuth.REQUIRE)
              .sslProvider(SslProvider.JDK)
              .protocols(PROTOCOLS)
              .build();
      dialling =
          SslContextBuilder.forClient()
              .keyManager(files.certificates().toFile(), files.key().toFile())
              .trustManager(files.trusted().toFile())
              .sslProvider(SslProvider.JDK)
              .protocols(PROTOCOLS)
              .build();
    } catch (IOException | IllegalArgumentException e) {
      throw new IOException(
          "TLS on the data channel (alluxio.mows.security.tls.*) cannot use certificate "
              + files.certificates()
              + ", key "
              + files.key()
              + " and CA "
              + files.trusted()
              + ": "
              + e.getMessage()
              + ". They must be readable PEM files, the key PKCS#8 without a password",
          e);
    }
  }

  SslHandler newHandler(boolean outgoing, ByteBufAllocator allocator, int timeoutMs) {
    SslHandler handler = (outgoing ? dialling : accepting).newHandler(allocator);
    handler.setHandshakeTimeoutMillis(timeoutMs);
    return handler;
  }

  /**
   * What a proof of the secret is bound to: the accepting side's certificate, as in the channel
   * binding tls-server-end-point of RFC 5929.
   */
  static byte[] binding(SSLSession session, boolean outgoing) throws GeneralSecurityException {
    Certificate[] chain;
    try {
      chain = outgoing ? session.getPeerCertificates() : session.getLocalCertificates();
    } catch (IOException e) {
      throw new GeneralSecurityException("The peer has shown no certificate", e);
    }
    if (chain == null || chain.length == 0) {
      throw new GeneralSecurityException("A TLS connection without a certificate");
    }
    return MessageDigest.getInstance("SHA-256").digest(chain[0].getEncoded());
  }
}
