// SPDX-License-Identifier: Apache-2.0
package io.mows.channel.netty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mows.channel.ChannelSettings;
import io.mows.channel.CloseReason;
import io.mows.channel.CorruptPieceException;
import io.mows.channel.Remedy;
import io.mows.channel.TransferException;
import io.mows.channel.security.TlsFiles;
import io.mows.channel.testing.Eventually;
import io.mows.channel.testing.FaultyLink;
import io.mows.channel.testing.TestCertificates;
import io.mows.channel.testing.TestFile;
import io.mows.channel.testing.TestSecrets;
import io.mows.channel.testing.TestWorker;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;

/** Who gets in, end to end. */
final class TcpSecurityTest extends TcpContract {
  @Test
  void shouldKeepOutWhoeverHasAnotherSecretOrNone() throws Exception {
    ChannelSettings.Builder right =
        settings("server").trust(TestSecrets.create(dir, "the secret of the cluster"));
    TestWorker server = newWorker(right.build());
    InetSocketAddress address = server.channel().listen();
    TestWorker other =
        newWorker(settings("other").trust(TestSecrets.create(dir, "some other secret")).build());
    TestWorker none = newWorker("none");
    assertKeptOut(other, address, "AUTHENTICATION_FAILED");
    assertKeptOut(none, address, "SECRET_MISMATCH");
    assertKeptOut(newWorker(right.build()), none.channel().listen(), "SECRET_MISMATCH");
    // Who was kept out hears of it first.
    awaitCloses(1, server, CloseReason.AUTHENTICATION_FAILED);
    awaitCloses(1, server, CloseReason.SECRET_MISMATCH);
    assertEquals(0, server.listener().closes().size(), "the listener heard of strangers");
  }

  @Test
  void shouldKeepOutWhoeverHasNoCertificateOfTheCa() throws Exception {
    TlsFiles files =
        TestCertificates.create(Files.createDirectory(dir.resolve("ours")), "127.0.0.1");
    TlsFiles strange =
        TestCertificates.create(Files.createDirectory(dir.resolve("strange")), "127.0.0.1");
    TestWorker server = newWorker(settings("server").tls(files).build());
    InetSocketAddress address = server.channel().listen();
    assertKeptOut(newWorker(settings("strange").tls(strange).build()), address, "TLS_FAILED");
    // It trusts us, but we do not trust it.
    TlsFiles halfStrange = new TlsFiles(strange.certificates(), strange.key(), files.trusted());
    assertKeptOut(newWorker(settings("half").tls(halfStrange).build()), address, "");
    assertKeptOut(newWorker(settings("plain").handshakeTimeoutMs(1_000).build()), address, "");
    assertEquals(0, server.listener().peers().size());
    awaitCloses(3, server, CloseReason.TLS_FAILED);
  }

  @Test
  void shouldNotTakeTheCertificateOfAnotherMachine() throws Exception {
    TlsFiles elsewhere =
        TestCertificates.create(Files.createDirectory(dir.resolve("elsewhere")), "192.0.2.1");
    TestWorker server = newWorker(settings("server").tls(elsewhere).build());
    InetSocketAddress address = server.channel().listen();
    TestWorker client = newWorker(settings("client").tls(elsewhere).build());
    assertKeptOut(client, address, "alluxio.worker.hostname");
    assertEquals(0, server.listener().peers().size());
  }

  @Test
  void shouldCompareTheNameThatWasDialled() throws Exception {
    // Both names are of this machine; the certificate has "worker" and addresses only.
    TlsFiles files =
        TestCertificates.create(Files.createDirectory(dir.resolve("named")), "127.0.0.1");
    TestWorker server = newWorker(settings("server").tls(files).build());
    int port = server.channel().listen().getPort();
    TestWorker client = newWorker(settings("client").tls(files).build());
    InetAddress loopback = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
    InetAddress worker = InetAddress.getByAddress("worker", loopback.getAddress());
    client.connect(new InetSocketAddress(worker, port));
    InetAddress other = InetAddress.getByAddress("other", loopback.getAddress());
    assertKeptOut(client, new InetSocketAddress(other, port), "alluxio.worker.hostname");
  }

  @Test
  void shouldSayWhichTlsFilesAreOfNoUse() throws Exception {
    Path missing = dir.resolve("missing.pem");
    IOException failure =
        assertThrows(
            IOException.class,
            () -> newWorker(settings("x").tls(new TlsFiles(missing, missing, missing)).build()));
    assertTrue(failure.getMessage().contains("alluxio.mows.security.tls"), failure.getMessage());
    assertTrue(failure.getMessage().contains(missing.toString()), failure.getMessage());
  }

  @Test
  void shouldNoticeBytesThatWereCorruptedOnTheWay() throws Exception {
    TestWorker server = newWorker("server");
    TestFile file = newFile(1 << 20, 1 << 20, 1 << 20);
    TestFile room = roomFor(file, 1 << 20);
    server.pieces().add(file);
    FaultyLink link = newLink(server.channel().listen());
    TestWorker client = newWorker("client");
    var peer = client.connect(link.address());
    link.corruptAfter(500_000);
    failureOf(
        fetch(peer, file.wholePiece(0), room), CorruptPieceException.class, Remedy.RETRY_ELSEWHERE);
    fetchAndCheck(peer, file.wholePiece(0), file, room);
  }

  private static void awaitCloses(int count, TestWorker worker, CloseReason reason) {
    Eventually.await(
        count + " are counted: " + reason, () -> worker.channel().stats().closes(reason) == count);
  }

  private static void assertKeptOut(TestWorker worker, InetSocketAddress address, String why) {
    ExecutionException failure =
        assertThrows(ExecutionException.class, () -> worker.connect(address));
    TransferException cause = (TransferException) failure.getCause();
    assertEquals(Remedy.RETRY_ELSEWHERE, cause.remedy());
    assertTrue(cause.getMessage().contains(why), cause.getMessage());
  }
}
