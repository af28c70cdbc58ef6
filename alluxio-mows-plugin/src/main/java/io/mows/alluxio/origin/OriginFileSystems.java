// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.origin;

import alluxio.conf.AlluxioConfiguration;
import alluxio.conf.PropertyKey;
import alluxio.grpc.UfsInfo;
import alluxio.underfs.UnderFileSystem;
import alluxio.underfs.UnderFileSystemConfiguration;
import alluxio.util.network.NetworkAddressUtils;
import alluxio.util.network.NetworkAddressUtils.ServiceType;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection to the origin behind each mount point, set up for reading pieces. Thread-safe.
 *
 * <p>They are our own, beside those of the worker, because the settings that make ranged reads
 * exact must not touch stock reads: an object store's stream asks for the range up to the next
 * multiple of its chunk size (64 MB by default), whatever length was asked for; with chunk = piece
 * it asks for just the piece. For parts of pieces there is a second one with smaller chunks.
 */
final class OriginFileSystems implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(OriginFileSystems.class);

  private final UfsInfoSource master;
  private final AlluxioConfiguration conf;
  private final Map<PropertyKey, Object> pieceSettings;
  private final int pieceBytes;
  private final Map<Long, String> roots = new ConcurrentHashMap<>();
  private final Map<Long, UnderFileSystem> byMount = new ConcurrentHashMap<>();
  private final Map<Long, UnderFileSystem> forParts = new ConcurrentHashMap<>();

  /** Asks the master what is behind a mount point. */
  interface UfsInfoSource {
    UfsInfo get(long mountId) throws IOException;
  }

  /**
   * @param streams how many connections there may be with the origin behind one mount point
   */
  OriginFileSystems(UfsInfoSource master, AlluxioConfiguration conf, int pieceBytes, int streams) {
    this.pieceBytes = pieceBytes;
    this.master = master;
    this.conf = conf;
    this.pieceSettings =
        Map.of(
            // Of which 40 is the default.
            PropertyKey.UNDERFS_S3_THREADS_MAX,
            Math.max(40, 2 * streams),
            // The engine retries by itself, with a view of the whole file.
            PropertyKey.UNDERFS_OSS_RETRY_MAX,
            0,
            PropertyKey.UNDERFS_OSS_SOCKET_TIMEOUT,
            "10s",
            PropertyKey.UNDERFS_S3_SOCKET_TIMEOUT,
            "10s",
            PropertyKey.UNDERFS_EVENTUAL_CONSISTENCY_RETRY_MAX_NUM,
            0);
  }

  UnderFileSystem get(long mountId) throws IOException {
    return get(byMount, mountId, pieceBytes);
  }

  /**
   * As {@link #get}, to read parts of pieces that are {@code partBytes} long and begin at a
   * multiple of that: always the same value.
   */
  UnderFileSystem forParts(long mountId, int partBytes) throws IOException {
    UnderFileSystem whole = get(mountId);
    boolean isSame = partBytes >= pieceBytes || !whole.isObjectStorage() || isOpenEnded(whole);
    return isSame ? whole : get(forParts, mountId, partBytes);
  }

  /**
   * Whether parts of a piece cost no more bytes than the piece; true if that is not known yet. Does
   * not block.
   */
  boolean readsParts(long mountId) {
    UnderFileSystem known = byMount.get(mountId);
    return known == null || !isOpenEnded(known);
  }

  /** Its streams ask for all from their position on, and are cut off when they have enough. */
  private static boolean isOpenEnded(UnderFileSystem ufs) {
    return ufs.getUnderFSType().equals("s3");
  }

  private UnderFileSystem get(Map<Long, UnderFileSystem> all, long mountId, int chunkBytes)
      throws IOException {
    UnderFileSystem known = all.get(mountId);
    if (known != null) {
      return known;
    }
    UnderFileSystem fresh = connect(mountId, chunkBytes);
    UnderFileSystem raced = all.putIfAbsent(mountId, fresh);
    if (raced == null) {
      return fresh;
    }
    close(fresh);
    return raced;
  }

  /** The path at the origin that is mounted, without a slash at the end. */
  String root(long mountId) throws IOException {
    get(mountId);
    return roots.get(mountId);
  }

  private UnderFileSystem connect(long mountId, int chunkBytes) throws IOException {
    UfsInfo info = master.get(mountId);
    if (!info.hasUri() || !info.hasProperties()) {
      throw new IOException("The master knows no mount point with id " + mountId);
    }
    roots.put(mountId, info.getUri().replaceAll("/+$", ""));
    UnderFileSystemConfiguration mount =
        new UnderFileSystemConfiguration(conf, info.getProperties().getReadOnly())
            .createMountSpecificConf(info.getProperties().getPropertiesMap());
    Map<String, Object> ours = new HashMap<>();
    ours.put(PropertyKey.UNDERFS_OBJECT_STORE_MULTI_RANGE_CHUNK_SIZE.getName(), chunkBytes);
    // Whoever lists a directory must not write into the origin.
    ours.put(PropertyKey.UNDERFS_OBJECT_STORE_BREADCRUMBS_ENABLED.getName(), false);
    pieceSettings.forEach(
        (key, value) -> {
          if (!mount.isSetByUser(key)) {
            ours.put(key.getName(), value);
          }
        });
    UnderFileSystem ufs =
        UnderFileSystem.Factory.create(info.getUri(), mount.createMountSpecificConf(ours));
    DirectOssReads.install(ufs);
    ufs.connectFromWorker(NetworkAddressUtils.getConnectHost(ServiceType.WORKER_RPC, conf));
    return ufs;
  }

  @Override
  public void close() {
    byMount.values().forEach(OriginFileSystems::close);
    byMount.clear();
    forParts.values().forEach(OriginFileSystems::close);
    forParts.clear();
  }

  private static void close(UnderFileSystem ufs) {
    try {
      ufs.close();
    } catch (IOException | RuntimeException e) {
      // OSSUnderFileSystem.close() throws a NullPointerException unless STS is in use.
      LOG.debug("The connection to {} was not closed cleanly", ufs, e);
    }
  }
}
