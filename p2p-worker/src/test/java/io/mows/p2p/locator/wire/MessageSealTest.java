// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.locator.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mows.p2p.locator.wire.MessageSeal.Opened;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

final class MessageSealTest {
  private static final byte[] MESSAGE = "hello".getBytes(UTF_8);

  private final MessageSeal seal = Seals.of("a secret of the cluster");

  @Test
  void shouldOpenWhatItSealed() throws SealException {
    Opened opened = seal.open("entry", seal.seal("entry", 5, 6, MESSAGE));
    assertArrayEquals(MESSAGE, opened.message());
    assertEquals(5, opened.timeMs());
    assertEquals(6, opened.nonce());
    assertArrayEquals(
        MESSAGE,
        Seals.insecure().open("entry", Seals.insecure().seal("", 5, 6, MESSAGE)).message());
  }

  @Test
  void shouldRefuseEveryChangeOfASingleBit() {
    byte[] sealed = seal.seal("entry", 5, 6, MESSAGE);
    for (int bit = 0; bit < sealed.length * 8; bit++) {
      byte[] changed = sealed.clone();
      changed[bit / 8] ^= (byte) (1 << bit % 8);
      assertThrows(SealException.class, () -> seal.open("entry", changed), "bit " + bit);
    }
    for (int length = 0; length < sealed.length; length++) {
      byte[] cut = Arrays.copyOf(sealed, length);
      assertThrows(SealException.class, () -> seal.open("entry", cut));
    }
  }

  @Test
  void shouldRefuseAnotherPurposeAnotherSecretAndNoSecret() {
    byte[] sealed = seal.seal("query of member 1", 5, 6, MESSAGE);
    MessageSeal other = Seals.of("another");
    assertThrows(SealException.class, () -> seal.open("query of member 2", sealed));
    assertThrows(SealException.class, () -> other.open("query of member 1", sealed));
    SealException none =
        assertThrows(SealException.class, () -> Seals.insecure().open("query of member 1", sealed));
    assertTrue(none.getMessage().contains("alluxio.mows.security.insecure"));
    byte[] plain = Seals.insecure().seal("query of member 1", 5, 6, MESSAGE);
    assertThrows(SealException.class, () -> seal.open("query of member 1", plain));
  }

  @Test
  void shouldSealWithTheFirstSecretAndOpenWithAll() throws SealException {
    MessageSeal old = Seals.of("old");
    MessageSeal both = Seals.of("new", "old");
    Opened fromOld = both.open("entry", old.seal("entry", 5, 6, MESSAGE));
    assertArrayEquals(MESSAGE, fromOld.message());
    assertFalse(fromOld.isFirst());
    byte[] sealed = both.seal("entry", 5, 6, MESSAGE);
    assertTrue(both.open("entry", sealed).isFirst());
    assertTrue(Seals.of("new").open("entry", sealed).isFirst());
    assertThrows(SealException.class, () -> old.open("entry", sealed));
  }

  @Test
  void shouldRefuseWhatIsMeantForAnotherCluster() {
    byte[] sealed = Seals.ofCluster(1, "the same").seal("entry", 5, 6, MESSAGE);
    assertThrows(SealException.class, () -> Seals.ofCluster(2, "the same").open("entry", sealed));
  }

  @Test
  void shouldRefuseTheSameMessageTwiceAndOneFromAnotherTime() throws SealException {
    ReplayGuard guard = new ReplayGuard();
    long nowMs = 1_700_000_000_000L;
    guard.check(message(nowMs - 59_000, 1), nowMs);
    guard.check(message(nowMs + 59_000, 2), nowMs);
    assertThrows(SealException.class, () -> guard.check(message(nowMs, 1), nowMs));
    assertThrows(SealException.class, () -> guard.check(message(nowMs - 61_000, 3), nowMs));
    assertThrows(SealException.class, () -> guard.check(message(nowMs + 61_000, 4), nowMs));
    // Number 2 may come again as long as its time is accepted, whatever came in between.
    for (long later = nowMs; later <= nowMs + 119_000; later += 7_000) {
      long atMs = later;
      guard.check(message(atMs, atMs), atMs);
      assertThrows(SealException.class, () -> guard.check(message(nowMs + 59_000, 2), atMs));
    }
  }

  private static Opened message(long timeMs, long nonce) {
    return new Opened(timeMs, nonce, MESSAGE, true);
  }
}
