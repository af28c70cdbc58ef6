// SPDX-License-Identifier: Apache-2.0
package io.mows.channel.netty;

import io.mows.channel.ChannelSettings;
import io.mows.channel.CloseReason;
import io.mows.channel.security.ChannelSecret;
import io.mows.channel.security.ChannelSecret.Role;
import io.mows.channel.security.ClusterTrust;
import io.mows.channel.wire.ControlFrames;
import io.mows.channel.wire.FrameHandler;
import io.mows.channel.wire.Hello;
import io.mows.channel.wire.ProtocolException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * How two workers get to know each other. For the connection's thread.
 *
 * <pre>
 *   dialling side                        accepting side
 *     HELLO (nonce, cluster, id)    --------->
 *                                   <---------    HELLO (nonce, cluster, id)
 *     AUTH (proof)                  --------->                          not if
 *                                   <---------    AUTH (proof)          insecure
 * </pre>
 *
 * <p>Whoever belongs to another cluster is refused at its HELLO. The dialling side proves first, so
 * whoever knocks at the port learns nothing that depends on the secret. {@link ChannelSecret} says
 * what a proof is and what it is good for.
 */
final class HelloHandshake implements FrameHandler {
  private static final SecureRandom RANDOM = new SecureRandom();

  private final ClusterTrust trust;
  private final ChannelSecret secret;
  private final Role role;
  private final byte[] context;
  private final Consumer<ByteBuf> out;
  private final Consumer<Hello> onDone;
  private final Consumer<CloseReason> onGoodbye;
  private final Hello ours;
  private Hello theirs;

  /**
   * @param capabilities see {@link Hello#capabilities()}
   * @param context what both sides know of the connection; see {@link ChannelSecret#proof}
   * @param onDone gets the peer's hello when it has proven what it has to
   */
  HelloHandshake(
      ChannelSettings settings,
      int capabilities,
      Role role,
      byte[] context,
      Consumer<ByteBuf> out,
      Consumer<Hello> onDone,
      Consumer<CloseReason> onGoodbye) {
    this.trust = settings.trust();
    this.secret = trust.isInsecure() ? null : ChannelSecret.of(trust);
    this.role = role;
    this.context = context;
    this.out = out;
    this.onDone = onDone;
    this.onGoodbye = onGoodbye;
    byte[] nonce = new byte[Hello.NONCE_BYTES];
    RANDOM.nextBytes(nonce);
    this.ours = Hello.of(capabilities, secret != null, nonce, trust.clusterId(), settings.peerId());
  }

  /** The connection is there. */
  void begin() {
    if (role == Role.DIALLED) {
      sendHello();
    }
  }

  @Override
  public void hello(Hello hello) throws ProtocolException {
    if (theirs != null) {
      throw new ProtocolException(CloseReason.UNEXPECTED_FRAME, "A second HELLO");
    }
    theirs = hello;
    checkCluster(hello);
    if (hello.hasSecret() != (secret != null)) {
      throw new ProtocolException(
          CloseReason.SECRET_MISMATCH,
          "alluxio.mows.security.insecure is "
              + (secret != null ? "true at the peer but not here" : "true here but not at the peer")
              + ": set it to the same on every worker, best to false");
    }
    if (Arrays.equals(hello.nonce(), ours.nonce())) {
      throw new ProtocolException(CloseReason.AUTHENTICATION_FAILED, "Our own HELLO came back");
    }
    if (role == Role.ACCEPTED) {
      sendHello();
    } else if (secret != null) {
      sendProof();
    }
    if (secret == null) {
      onDone.accept(theirs);
    }
  }

  /** Who has said hello, if he runs a release from before clusters had an identity. */
  Optional<String> olderPeer() {
    return Optional.ofNullable(theirs)
        .filter(hello -> hello.clusterId().isEmpty())
        .map(Hello::peerId);
  }

  private void checkCluster(Hello hello) throws ProtocolException {
    if (hello.clusterId().isEmpty()) {
      throw new ProtocolException(
          CloseReason.OTHER_CLUSTER,
          "The peer does not say to which Alluxio cluster it belongs, so it runs an older release:"
              + " put the same release of MoWS on every worker");
    }
    byte[] cluster = hello.clusterId().get();
    if (!Arrays.equals(cluster, trust.clusterId())) {
      throw new ProtocolException(
          CloseReason.OTHER_CLUSTER,
          "The peer belongs to the Alluxio cluster "
              + ClusterTrust.name(cluster)
              + ", this worker to "
              + trust.clusterName()
              + ": "
              + CloseExplanations.of(CloseReason.OTHER_CLUSTER));
    }
  }

  @Override
  public void auth(byte[] proof) throws ProtocolException {
    if (secret == null || theirs == null) {
      throw new ProtocolException(CloseReason.UNEXPECTED_FRAME, "AUTH out of turn");
    }
    byte[] dialled = hello(Role.DIALLED).toBytes();
    byte[] accepted = hello(Role.ACCEPTED).toBytes();
    if (!secret.isProof(proof, role.other(), context, dialled, accepted)) {
      throw new ProtocolException(
          CloseReason.AUTHENTICATION_FAILED,
          "The peer does not know the secret of this cluster: "
              + CloseExplanations.of(CloseReason.AUTHENTICATION_FAILED));
    }
    if (role == Role.ACCEPTED) {
      sendProof();
    }
    onDone.accept(theirs);
  }

  @Override
  public void goodbye(CloseReason reason) {
    onGoodbye.accept(reason);
  }

  private Hello hello(Role side) {
    return side == role ? ours : theirs;
  }

  private void sendHello() {
    out.accept(ours.encode(UnpooledByteBufAllocator.DEFAULT));
  }

  private void sendProof() {
    byte[] proof =
        secret.proof(role, context, hello(Role.DIALLED).toBytes(), hello(Role.ACCEPTED).toBytes());
    out.accept(ControlFrames.auth(UnpooledByteBufAllocator.DEFAULT, proof));
  }
}
