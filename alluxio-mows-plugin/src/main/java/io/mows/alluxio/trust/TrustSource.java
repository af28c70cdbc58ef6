// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.trust;

import alluxio.conf.AlluxioConfiguration;
import io.mows.alluxio.conf.MowsKey;
import io.mows.alluxio.conf.SecurityConf;
import io.mows.channel.security.ClusterTrust;
import io.mows.channel.security.SecretFile;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds out to which cluster this process belongs and whom it may trust. The identity of the
 * cluster is at the Alluxio master, where the first who asks puts it; so whoever may use Alluxio is
 * in. A secret file takes the place of the secret in it, not that of the identity. Thread-safe.
 */
public final class TrustSource {
  private static final Logger LOG = LoggerFactory.getLogger(TrustSource.class);

  private final SecurityConf conf;
  private final IdentityStore.Opener stores;

  TrustSource(SecurityConf conf, IdentityStore.Opener stores) {
    this.conf = conf;
    this.stores = stores;
  }

  /**
   * @param alluxioConf tells where the master is
   */
  public static TrustSource of(SecurityConf conf, AlluxioConfiguration alluxioConf) {
    return new TrustSource(conf, () -> MasterIdentityStore.open(alluxioConf));
  }

  /**
   * Asks the master, and gives the cluster an identity if it has none. May block for some seconds.
   *
   * @throws IOException if it is not known whom to trust; says what to do
   */
  public ClusterTrust get() throws IOException {
    // First, because its mistakes are the operator's.
    Optional<List<byte[]>> secrets = readSecrets();
    ClusterIdentity identity;
    try {
      identity = identity();
    } catch (IdentityDeniedException e) {
      if (!conf.insecure()) {
        throw e;
      }
      LOG.warn(
          "{}. Because {}=true this worker shares all the same, with every worker that it reaches"
              + " and that knows no cluster either",
          e.getMessage(),
          MowsKey.INSECURE.key());
      return ClusterTrust.insecure();
    }
    return conf.insecure()
        ? ClusterTrust.insecure(identity.clusterId())
        : ClusterTrust.of(
            identity.clusterId(), secrets.orElseGet(() -> List.of(identity.secret())));
  }

  private Optional<List<byte[]>> readSecrets() throws IOException {
    return conf.secretFile().isPresent()
        ? Optional.of(SecretFile.read(conf.secretFile().get()))
        : Optional.empty();
  }

  private ClusterIdentity identity() throws IOException {
    try (IdentityStore store = stores.open()) {
      Optional<byte[]> present = store.get();
      if (present.isEmpty()) {
        store.putIfAbsent(ClusterIdentity.create(new SecureRandom()).toBytes());
        // Somebody else's may have won.
        present = store.get();
      }
      return ClusterIdentity.parse(
          present.orElseThrow(
              () ->
                  new IOException(
                      "The Alluxio master does not keep the identity of the cluster, the attribute "
                          + MasterIdentityStore.ATTRIBUTE
                          + " of /: is it Alluxio 2.9?")));
    }
  }
}
