// SPDX-License-Identifier: Apache-2.0
package io.mows.channel.netty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mows.channel.ChannelSettings;
import io.mows.channel.CloseReason;
import io.mows.channel.security.ChannelSecret.Role;
import io.mows.channel.security.ClusterTrust;
import io.mows.channel.testing.TestSecrets;
import io.mows.channel.wire.FrameReader;
import io.mows.channel.wire.ProtocolException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class HelloHandshakeTest {
  private static final byte[] PLAIN = {};
  private static final ClusterTrust OPEN = ClusterTrust.insecure();

  @TempDir Path dir;
  private ClusterTrust secret;

  @BeforeEach
  void createSecret() throws Exception {
    secret = TestSecrets.create(dir, "the secret of the cluster");
  }

  @Test
  void shouldIntroduceBothSides() throws Exception {
    for (ClusterTrust used : new ClusterTrust[] {OPEN, secret}) {
      Side dialling = new Side(Role.DIALLED, used, PLAIN);
      Side accepting = new Side(Role.ACCEPTED, used, PLAIN);
      talk(dialling, accepting);
      assertEquals("ACCEPTED", dialling.peer);
      assertEquals("DIALLED", accepting.peer);
    }
  }

  @Test
  void shouldRefuseAnotherSecret() throws Exception {
    Side dialling =
        new Side(Role.DIALLED, TestSecrets.create(dir, "another, longer secret"), PLAIN);
    Side accepting = new Side(Role.ACCEPTED, secret, PLAIN);
    assertRefused(CloseReason.AUTHENTICATION_FAILED, dialling, accepting);
  }

  @Test
  void shouldRefuseAPeerWithoutASecretAndOneWithASecretOfWhichWeKnowNothing() throws Exception {
    assertRefused(
        CloseReason.SECRET_MISMATCH,
        new Side(Role.DIALLED, OPEN, PLAIN),
        new Side(Role.ACCEPTED, secret, PLAIN));
    assertRefused(
        CloseReason.SECRET_MISMATCH,
        new Side(Role.DIALLED, secret, PLAIN),
        new Side(Role.ACCEPTED, OPEN, PLAIN));
  }

  @Test
  void shouldRefuseAnotherClusterEvenWithTheSameSecretOrWithout() throws Exception {
    byte[] otherId = new byte[ClusterTrust.ID_BYTES];
    otherId[0] = 7;
    ClusterTrust same = TestSecrets.create(dir, "the secret of the cluster", otherId);
    for (ClusterTrust[] pair :
        new ClusterTrust[][] {
          {same, secret}, {secret, same}, {ClusterTrust.insecure(otherId), OPEN}, {same, OPEN}
        }) {
      assertRefused(
          CloseReason.OTHER_CLUSTER,
          new Side(Role.DIALLED, pair[0], PLAIN),
          new Side(Role.ACCEPTED, pair[1], PLAIN));
    }
    ProtocolException refused =
        assertThrows(
            ProtocolException.class,
            () ->
                talk(new Side(Role.DIALLED, same, PLAIN), new Side(Role.ACCEPTED, secret, PLAIN)));
    assertTrue(
        refused.getMessage().contains("cluster 07000000, this worker to 00000000"),
        refused.getMessage());
    assertRefused(
        CloseReason.OTHER_CLUSTER,
        new Side(Role.DIALLED, ClusterTrust.nobody(), PLAIN),
        new Side(Role.ACCEPTED, ClusterTrust.nobody(), PLAIN));
  }

  @Test
  void shouldRefuseAReleaseThatNamesNoCluster() throws Exception {
    for (ClusterTrust trust : new ClusterTrust[] {secret, OPEN}) {
      Side dialling = new Side(Role.DIALLED, trust, PLAIN);
      dialling.handshake.begin();
      byte[] hello = dialling.out.remove();
      hello[8 + 2] = 0; // The capability that says so.
      Side accepting = new Side(Role.ACCEPTED, trust, PLAIN);
      ProtocolException refused =
          assertThrows(ProtocolException.class, () -> accepting.hears(hello));
      assertEquals(CloseReason.OTHER_CLUSTER, refused.reason());
      assertTrue(refused.getMessage().contains("older release"), refused.getMessage());
    }
  }

  @Test
  void shouldLetInWhoeverProvesAnyOfItsSecrets() throws Exception {
    String old = "the old secret of it";
    String fresh = "the new secret of it";
    ClusterTrust[] steps = {
      TestSecrets.create(dir, old),
      TestSecrets.create(dir, old + "\n" + fresh),
      TestSecrets.create(dir, fresh + "\n" + old + "\n"),
      TestSecrets.create(dir, fresh)
    };
    for (int i = 0; i + 1 < steps.length; i++) {
      talk(new Side(Role.DIALLED, steps[i], PLAIN), new Side(Role.ACCEPTED, steps[i + 1], PLAIN));
      talk(new Side(Role.DIALLED, steps[i + 1], PLAIN), new Side(Role.ACCEPTED, steps[i], PLAIN));
    }
    assertRefused(
        CloseReason.AUTHENTICATION_FAILED,
        new Side(Role.DIALLED, steps[0], PLAIN),
        new Side(Role.ACCEPTED, steps[3], PLAIN));
  }

  @Test
  void shouldRefuseAProofMadeForAnotherTlsConnection() throws Exception {
    assertRefused(
        CloseReason.AUTHENTICATION_FAILED,
        new Side(Role.DIALLED, secret, new byte[] {1}),
        new Side(Role.ACCEPTED, secret, new byte[] {2}));
  }

  @Test
  void shouldRefuseWhatWasRecordedFromAnotherConnection() throws Exception {
    Side dialling = new Side(Role.DIALLED, secret, PLAIN);
    Side accepting = new Side(Role.ACCEPTED, secret, PLAIN);
    Deque<byte[]> recorded = new ArrayDeque<>();
    dialling.handshake.begin();
    for (int i = 0; i < 2; i++) {
      recorded.add(dialling.out.element());
      accepting.hears(dialling.out.remove());
      dialling.hears(accepting.out.remove());
    }
    assertEquals("DIALLED", accepting.peer);

    Side victim = new Side(Role.ACCEPTED, secret, PLAIN);
    victim.hears(recorded.remove());
    assertReason(CloseReason.AUTHENTICATION_FAILED, () -> victim.hears(recorded.remove()));
  }

  @Test
  void shouldRefuseItsOwnWordsComingBack() throws Exception {
    Side dialling = new Side(Role.DIALLED, secret, PLAIN);
    dialling.handshake.begin();
    byte[] hello = dialling.out.remove();
    assertReason(CloseReason.AUTHENTICATION_FAILED, () -> dialling.hears(hello));

    // A man in the middle passes the dialler's proof off as the accepting side's.
    Side mirrored = new Side(Role.DIALLED, secret, PLAIN);
    Side accepting = new Side(Role.ACCEPTED, secret, PLAIN);
    mirrored.handshake.begin();
    accepting.hears(mirrored.out.remove());
    mirrored.hears(accepting.out.remove());
    byte[] proof = mirrored.out.remove();
    assertReason(CloseReason.AUTHENTICATION_FAILED, () -> mirrored.hears(proof));
  }

  @Test
  void shouldRefuseAHelloThatWasChangedOnTheWay() throws Exception {
    Side dialling = new Side(Role.DIALLED, secret, PLAIN);
    Side accepting = new Side(Role.ACCEPTED, secret, PLAIN);
    dialling.handshake.begin();
    byte[] hello = dialling.out.remove();
    hello[hello.length - 1] = 'X'; // The last letter of the peer id.
    accepting.hears(hello);
    dialling.hears(accepting.out.remove());
    assertReason(CloseReason.AUTHENTICATION_FAILED, () -> accepting.hears(dialling.out.remove()));
  }

  @Test
  void shouldRefuseFramesOutOfTurn() throws Exception {
    Side dialling = new Side(Role.DIALLED, secret, PLAIN);
    dialling.handshake.begin();
    byte[] hello = dialling.out.remove();
    Side twice = new Side(Role.ACCEPTED, secret, PLAIN);
    twice.hears(hello);
    assertReason(CloseReason.UNEXPECTED_FRAME, () -> twice.hears(hello));
    Side early = new Side(Role.ACCEPTED, secret, PLAIN);
    byte[] auth = new byte[8 + 32];
    auth[0] = 'M';
    auth[1] = 'W';
    auth[2] = 1;
    auth[3] = 2;
    auth[7] = 32;
    assertReason(CloseReason.UNEXPECTED_FRAME, () -> early.hears(auth));
  }

  private static void assertRefused(CloseReason reason, Side dialling, Side accepting) {
    assertReason(reason, () -> talk(dialling, accepting));
    assertEquals(null, accepting.peer, "the accepting side let the peer in");
  }

  private static void assertReason(CloseReason reason, ThrowingRunnable talk) {
    ProtocolException refused = assertThrows(ProtocolException.class, talk::run);
    assertEquals(reason, refused.reason(), refused.getMessage());
  }

  private static void talk(Side dialling, Side accepting) throws ProtocolException {
    dialling.handshake.begin();
    while (!dialling.out.isEmpty() || !accepting.out.isEmpty()) {
      if (!dialling.out.isEmpty()) {
        accepting.hears(dialling.out.remove());
      }
      if (!accepting.out.isEmpty()) {
        dialling.hears(accepting.out.remove());
      }
    }
    assertTrue(dialling.peer != null && accepting.peer != null, "the talk ended too early");
  }

  private interface ThrowingRunnable {
    void run() throws ProtocolException;
  }

  /** One side, with what it sends in a queue. */
  private static final class Side {
    private final Deque<byte[]> out = new ArrayDeque<>();
    private final HelloHandshake handshake;
    private final FrameReader reader;
    private String peer;

    Side(Role role, ClusterTrust trust, byte[] context) {
      handshake =
          new HelloHandshake(
              ChannelSettings.builder(role.name()).trust(trust).build(),
              0,
              role,
              context,
              this::send,
              hello -> peer = hello.peerId(),
              reason -> {});
      reader = new FrameReader(UnpooledByteBufAllocator.DEFAULT, handshake);
    }

    private void send(ByteBuf frame) {
      out.add(ByteBufUtil.getBytes(frame));
      frame.release();
    }

    void hears(byte[] frame) throws ProtocolException {
      ByteBuf bytes = Unpooled.copiedBuffer(frame);
      try {
        reader.read(bytes);
      } finally {
        bytes.release();
      }
    }
  }
}
