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
import java.net.InetSocketAddress;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.Certificate;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSession;

/**
 * TLS between workers, both showing their certificate. Whoever dials also compares the name or
 * address that it has dialled with those in the certificate, as the locator's connections do: one
 * worker's stolen key is then of no use in another one's place. Immutable.
 */
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

  /** For a connection that comes in. */
  SslHandler accepting(ByteBufAllocator allocator, int timeoutMs) {
    SslHandler handler = accepting.newHandler(allocator);
    handler.setHandshakeTimeoutMillis(timeoutMs);
    return handler;
  }

  /**
   * For a connection that is dialled.
   *
   * @param address as it was dialled, by name or not
   */
  SslHandler dialling(InetSocketAddress address, ByteBufAllocator allocator, int timeoutMs) {
    // Not getHostName(), which would ask the name service on this thread.
    SslHandler handler = dialling.newHandler(allocator, address.getHostString(), address.getPort());
    SSLParameters parameters = handler.engine().getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    handler.engine().setSSLParameters(parameters);
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
