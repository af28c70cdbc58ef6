// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.locator.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.toList;

import io.mows.channel.security.ClusterTrust;
import java.util.stream.Stream;

/** Makes seals. */
public final class Seals {
  private Seals() {}

  public static MessageSeal insecure() {
    return MessageSeal.of(ClusterTrust.insecure());
  }

  /** Of a cluster without a name. */
  public static MessageSeal of(String... secrets) {
    return ofCluster(0, secrets);
  }

  /** Insecure if there are no secrets. */
  public static MessageSeal ofCluster(int number, String... secrets) {
    byte[] id = new byte[ClusterTrust.ID_BYTES];
    id[0] = (byte) number;
    return MessageSeal.of(
        secrets.length == 0
            ? ClusterTrust.insecure(id)
            : ClusterTrust.of(
                id, Stream.of(secrets).map(text -> text.getBytes(UTF_8)).collect(toList())));
  }
}
