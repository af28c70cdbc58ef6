// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.trust;

import alluxio.AlluxioURI;
import alluxio.ClientContext;
import alluxio.client.file.FileSystemMasterClient;
import alluxio.conf.AlluxioConfiguration;
import alluxio.conf.InstancedConfiguration;
import alluxio.conf.PropertyKey;
import alluxio.conf.Source;
import alluxio.exception.status.PermissionDeniedException;
import alluxio.exception.status.UnauthenticatedException;
import alluxio.grpc.FileSystemMasterCommonPOptions;
import alluxio.grpc.GetStatusPOptions;
import alluxio.grpc.LoadMetadataPType;
import alluxio.grpc.SetAttributePOptions;
import alluxio.master.MasterClientContext;
import alluxio.proto.journal.File.XAttrUpdateStrategy;
import com.google.protobuf.ByteString;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;

/**
 * The identity of the cluster at the Alluxio master: the extended attribute {@value #ATTRIBUTE} of
 * {@code /}. It is in the master's journal, so it survives restarts and a change of the leading
 * master, and it is never written to the under file system, nor is that asked for anything here.
 */
final class MasterIdentityStore implements IdentityStore {
  static final String ATTRIBUTE = "mows";

  private static final AlluxioURI ROOT = new AlluxioURI("/");

  /** How long an absent master is waited for: whoever asks asks again. */
  private static final String PATIENCE = "5s";

  /** Of the namespace as it is, whatever the user's client is set to do. */
  private static final FileSystemMasterCommonPOptions NO_SYNC =
      FileSystemMasterCommonPOptions.newBuilder().setSyncIntervalMs(-1).build();

  private final FileSystemMasterClient master;

  private MasterIdentityStore(FileSystemMasterClient master) {
    this.master = master;
  }

  /** Connects when it is first asked. */
  static IdentityStore open(AlluxioConfiguration conf) {
    InstancedConfiguration patient = new InstancedConfiguration(conf.copyProperties());
    patient.set(PropertyKey.USER_RPC_RETRY_MAX_DURATION, PATIENCE, Source.RUNTIME);
    return new MasterIdentityStore(
        FileSystemMasterClient.Factory.create(
            MasterClientContext.newBuilder(ClientContext.create(patient)).build()));
  }

  @Override
  public Optional<byte[]> get() throws IOException {
    try {
      Map<String, byte[]> attributes =
          master
              .getStatus(
                  ROOT,
                  GetStatusPOptions.newBuilder()
                      .setLoadMetadataType(LoadMetadataPType.NEVER)
                      .setUpdateTimestamps(false)
                      .setCommonOptions(NO_SYNC)
                      .build())
              .getXAttr();
      return Optional.ofNullable(attributes).map(all -> all.get(ATTRIBUTE));
    } catch (PermissionDeniedException | UnauthenticatedException e) {
      throw denied("read", "let this user use Alluxio", e);
    }
  }

  @Override
  public void putIfAbsent(byte[] identity) throws IOException {
    try {
      master.setAttribute(
          ROOT,
          SetAttributePOptions.newBuilder()
              .putXattr(ATTRIBUTE, ByteString.copyFrom(identity))
              .setXattrUpdateStrategy(XAttrUpdateStrategy.UNION_PRESERVE)
              .setCommonOptions(NO_SYNC)
              .build());
    } catch (PermissionDeniedException | UnauthenticatedException e) {
      throw denied(
          "write",
          "run 'alluxio fs mows status' once as the user that runs the master, which puts it there"
              + " for all, or give this worker's user write permission on / of Alluxio",
          e);
    }
  }

  private static IOException denied(String what, String remedy, IOException cause) {
    return new IdentityDeniedException(
        "The Alluxio master does not let this user "
            + what
            + " the identity of the cluster, the attribute "
            + ATTRIBUTE
            + " of / ("
            + cause.getMessage()
            + "): "
            + remedy,
        cause);
  }

  @Override
  public void close() throws IOException {
    master.close();
  }
}
