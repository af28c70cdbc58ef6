// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.locator.raft;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mows.p2p.Eventually;
import io.mows.p2p.locator.Coverage;
import io.mows.p2p.locator.protocol.EntryFactory;
import io.mows.p2p.locator.raft.RaftLocatorSettings.Timing;
import io.mows.p2p.locator.wire.Seals;
import java.io.File;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A group whose members and workers know one another by certificate. */
final class LocatorTlsIT {
  private static final String PASSWORD = "changeit";

  /**
   * The handshakes of TLS take seconds while others use the machine: no new election, and no new
   * connection, because of that.
   */
  private static final Timing CALM = new Timing(1_000, 20_000, 60_000, 60_000, 50, 16 << 10);

  /** Waits for an answer however long it takes, and does not ask again. */
  private static final Timing ONE_ANSWER = new Timing(1_000, 30_000, 1, 60_000, 50, 16 << 10);

  private static final Timing IMPATIENT = new Timing(200, 300, 600, 1_000, 50, 16 << 10);

  @TempDir Path dir;

  @Test
  void shouldTalkToWhoHasACertificateAndToNobodyElse() throws Exception {
    LocatorTls tls = tls("members");
    try (LocatorCluster cluster =
        new LocatorCluster(dir, 3, Seals.insecure(), Optional.of(tls), CALM)) {
      cluster.startAll();
      try (RaftTransport transport = new RaftTransport(cluster.settings())) {
        EntryFactory peer = new EntryFactory("a", "chat");
        LocatorCluster.write(transport, peer.full(0, 10, Coverage.COMPLETE));
      }
      for (int i = 0; i < 3; i++) {
        int each = i;
        Eventually.until(
            "the files on member " + i,
            () -> cluster.member(each).stateMachine().directory().fileCount() == 10);
      }
      for (Optional<LocatorTls> wrong : List.of(Optional.<LocatorTls>empty(), foreign())) {
        RaftLocatorSettings intruder =
            new RaftLocatorSettings(
                cluster.settings().members(), Seals.insecure(), wrong, IMPATIENT);
        try (RaftTransport transport = new RaftTransport(intruder)) {
          byte[] forged = new EntryFactory("forged", "chat").full(50, 60, Coverage.COMPLETE);
          assertThrows(
              ExecutionException.class, () -> transport.write(forged).get(1, TimeUnit.MINUTES));
        }
      }
      assertEquals(10, cluster.member(cluster.leader()).stateMachine().directory().fileCount());
    }
  }

  @Test
  void shouldSayWhichNamesACertificateNeeds() throws Exception {
    LocatorTls tls = tls("elsewhere", "127.9.9.9");
    try (LocatorCluster cluster =
            new LocatorCluster(dir, 1, Seals.insecure(), Optional.of(tls), CALM);
        RaftTransport transport =
            new RaftTransport(
                new RaftLocatorSettings(
                    cluster.settings().members(),
                    Seals.insecure(),
                    Optional.of(tls),
                    ONE_ANSWER))) {
      cluster.startAll();
      byte[] entry = new EntryFactory("a", "chat").full(0, 1, Coverage.COMPLETE);
      ExecutionException failure =
          assertThrows(
              ExecutionException.class, () -> transport.write(entry).get(1, TimeUnit.MINUTES));
      String message = failure.getMessage();
      assertTrue(message.contains("as a subject alternative name"), message);
      assertTrue(message.contains("alluxio.worker.hostname"), message);
    }
  }

  private Optional<LocatorTls> foreign() throws Exception {
    return Optional.of(tls("strangers"));
  }

  private LocatorTls tls(String name) throws Exception {
    return tls(name, "127.0.0.1");
  }

  private LocatorTls tls(String name, String address) throws Exception {
    Path store = dir.resolve(name + ".p12");
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "locator",
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1",
                "-dname",
                "CN=" + name,
                "-ext",
                "SAN=ip:" + address,
                "-keystore",
                store.toString(),
                "-storetype",
                "PKCS12",
                "-storepass",
                PASSWORD)
            .inheritIO()
            .start();
    assertEquals(0, keytool.waitFor());
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      keys.load(in, PASSWORD.toCharArray());
    }
    File key =
        pem(
            name + "-key.pem",
            "PRIVATE KEY",
            keys.getKey("locator", PASSWORD.toCharArray()).getEncoded());
    File certificate =
        pem(name + "-cert.pem", "CERTIFICATE", keys.getCertificate("locator").getEncoded());
    return new LocatorTls(key, certificate, certificate);
  }

  private File pem(String file, String type, byte[] der) throws Exception {
    String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
    String text = "-----BEGIN " + type + "-----\n" + base64 + "\n-----END " + type + "-----\n";
    return Files.write(dir.resolve(file), text.getBytes(StandardCharsets.US_ASCII)).toFile();
  }
}
