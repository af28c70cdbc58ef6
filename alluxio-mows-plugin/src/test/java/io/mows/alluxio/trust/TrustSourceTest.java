// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.trust;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mows.alluxio.conf.MowsConfs;
import io.mows.alluxio.conf.MowsKey;
import io.mows.channel.security.ClusterTrust;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TrustSourceTest {
  @TempDir Path dir;
  private final FakeIdentityStore master = new FakeIdentityStore();

  private ClusterTrust trust(Map<String, String> conf) throws IOException {
    return new TrustSource(MowsConfs.of(conf).security(), () -> master).get();
  }

  private Map<String, String> secretFile(String text) throws IOException {
    Path file = Files.writeString(dir.resolve("secret"), text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    return Map.of(MowsKey.SECRET_FILE.key(), file.toString());
  }

  private static boolean isSame(ClusterTrust one, ClusterTrust other) {
    return Arrays.equals(one.clusterId(), other.clusterId())
        && Arrays.deepEquals(one.keys("x").toArray(), other.keys("x").toArray());
  }

  @Test
  void shouldGiveAClusterOneIdentityForGood() throws IOException {
    ClusterTrust first = trust(Map.of());
    assertFalse(first.isInsecure());
    assertTrue(isSame(first, trust(Map.of())));
    master.kept.set(null);
    assertFalse(isSame(first, trust(Map.of())), "another cluster");
  }

  @Test
  void shouldTakeTheIdentityOfWhoeverWasFirst() throws IOException {
    ClusterIdentity other = ClusterIdentity.create(new SecureRandom());
    master.winsTheRace = other.toBytes();
    assertArrayEquals(other.clusterId(), trust(Map.of()).clusterId());
  }

  @Test
  void shouldPreferTheSecretsOfTheFileAndKeepTheIdentity() throws IOException {
    ClusterTrust own = trust(Map.of());
    ClusterTrust file = trust(secretFile("0123456789abcdef\nfedcba9876543210\n"));
    assertArrayEquals(own.clusterId(), file.clusterId());
    assertEquals(2, file.keys("x").size());
    assertFalse(file.keys("x").stream().anyMatch(k -> Arrays.equals(k, own.keys("x").get(0))));
  }

  @Test
  void shouldTrustNobodyWhereTheMasterDenies() throws IOException {
    master.writeFailure = new IdentityDeniedException("not you", null);
    assertSame(
        master.writeFailure, assertThrows(IOException.class, () -> trust(Map.of())), "default");
    Map<String, String> file = secretFile("0123456789abcdef");
    assertSame(master.writeFailure, assertThrows(IOException.class, () -> trust(file)), "file");
    master.readFailure = new IdentityDeniedException("not you either", null);
    assertSame(master.readFailure, assertThrows(IOException.class, () -> trust(Map.of())));
  }

  @Test
  void shouldBeInsecureOnlyIfAskedToAndStillTellClustersApart() throws IOException {
    Map<String, String> insecure = Map.of(MowsKey.INSECURE.key(), "true");
    ClusterTrust own = trust(Map.of());
    assertTrue(trust(insecure).isInsecure());
    assertArrayEquals(own.clusterId(), trust(insecure).clusterId());
    master.readFailure = new IOException("the master is away");
    assertSame(master.readFailure, assertThrows(IOException.class, () -> trust(insecure)));
    master.readFailure = new IdentityDeniedException("not you", null);
    assertTrue(trust(insecure).isInsecure());
    assertArrayEquals(new byte[ClusterTrust.ID_BYTES], trust(insecure).clusterId());
  }

  @Test
  void shouldSayWhatToDoAboutAnIdentityItDoesNotKnow() {
    for (byte[] strange : new byte[][] {{}, {1, 2}, newer()}) {
      master.kept.set(strange);
      IOException refused = assertThrows(IOException.class, () -> trust(Map.of()));
      assertTrue(refused.getMessage().contains("newest release"), refused.getMessage());
    }
  }

  private static byte[] newer() {
    byte[] newer = ClusterIdentity.create(new SecureRandom()).toBytes();
    newer[0] = 2;
    return newer;
  }
}
