// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.conf;

/**
 * The properties that MoWS reads, with their defaults: the one place where they are declared.
 * Alluxio accepts unknown keys in its site file, so they need no registration.
 */
public enum MowsKey {
  ENABLED("alluxio.mows.enabled", "true"),
  PATHS("alluxio.mows.paths", "/"),
  PIECE_SIZE("alluxio.mows.piece.size", "4MB"),
  ORIGIN_STREAMS("alluxio.mows.origin.streams", "64"),
  ORIGIN_PATIENCE("alluxio.mows.origin.patience", "2min"),
  GROUP("alluxio.mows.group", "default"),
  ROLE("alluxio.mows.role", "instance"),
  PRELOAD("alluxio.mows.preload", ""),
  PREFETCH_IDLE("alluxio.mows.prefetch.idle", "true"),
  LOCATOR_ADDRESSES("alluxio.mows.locator.addresses", "auto"),
  LOCATOR_DIR("alluxio.mows.locator.dir", "${alluxio.work.dir}/mows/locator"),
  DATA_PORT("alluxio.mows.data.port", "29991"),
  DATA_CONNECTIONS("alluxio.mows.data.connections", "8"),
  DATA_BIND_HOST("alluxio.mows.data.bind.host", "0.0.0.0"),
  CHANNEL("alluxio.mows.channel", "auto"),
  RDMA_ADDRESS("alluxio.mows.rdma.address", ""),
  RDMA_MEMORY("alluxio.mows.rdma.memory", "256MB"),
  VERIFY("alluxio.mows.verify", "piece"),
  FUSE_PASSTHROUGH("alluxio.mows.fuse.passthrough", "true"),
  FUSE_OPEN_WAIT("alluxio.mows.fuse.open.wait", "10s"),
  FUSE_PERMISSIONS("alluxio.mows.fuse.permissions", "true"),
  MANIFEST_NAME("alluxio.mows.manifest.name", "crc32.txt"),
  WEB_ENABLED("alluxio.mows.web.enabled", "true"),
  SECRET_FILE("alluxio.mows.security.secret.file", ""),
  INSECURE("alluxio.mows.security.insecure", "false"),
  TLS_ENABLED("alluxio.mows.security.tls.enabled", "false"),
  TLS_CERTIFICATE_FILE("alluxio.mows.security.tls.certificate.file", ""),
  TLS_KEY_FILE("alluxio.mows.security.tls.key.file", ""),
  TLS_TRUST_FILE("alluxio.mows.security.tls.trust.file", "");

  /** What all our keys start with. */
  public static final String PREFIX = "alluxio.mows.";

  private final String key;
  private final String defaultValue;

  MowsKey(String key, String defaultValue) {
    this.key = key;
    this.defaultValue = defaultValue;
  }

  public String key() {
    return key;
  }

  /** May refer to other properties as in {@code ${alluxio.work.dir}}. */
  public String defaultValue() {
    return defaultValue;
  }
}
