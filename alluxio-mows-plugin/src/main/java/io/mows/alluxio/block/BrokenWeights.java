// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.block;

import com.google.common.cache.Cache;
import com.google.common.cache.CacheBuilder;
import io.mows.alluxio.metrics.FailingFiles;
import io.mows.alluxio.model.WeightStructure;
import io.mows.p2p.fetch.FileSpec;
import io.mows.p2p.fetch.LocalStore;
import io.mows.p2p.fetch.LocalStore.BlockLease;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds broken downloads among the files in memory: the beginnings of weights, and of JSON files,
 * are looked at, once for each file, and what is known of their checksums. Thread-safe; reads
 * memory only.
 */
public final class BrokenWeights {
  private static final Logger LOG = LoggerFactory.getLogger(BrokenWeights.class);
  private static final long MAX_FILES = 10_000;

  /** Of those that have not been looked at, in one go. */
  private static final int MAX_NEW = 32;

  private final LocalStore space;
  private final Function<FileSpec, Optional<String>> checksums;
  private final Cache<Long, Optional<String>> known =
      CacheBuilder.newBuilder().maximumSize(MAX_FILES).build();

  /**
   * @param checksums what is wrong with a file whose bytes have been compared with a checksum
   */
  public BrokenWeights(LocalStore space, Function<FileSpec, Optional<String>> checksums) {
    this.space = space;
    this.checksums = checksums;
  }

  /**
   * What is wrong with a file; empty if nothing is, as far as can be seen, or if its beginning is
   * not in memory.
   */
  public Optional<String> fault(FileSpec file) {
    return beginning(file).or(() -> checksums.apply(file));
  }

  private Optional<String> beginning(FileSpec file) {
    Optional<String> before = known.getIfPresent(file.fileId());
    if (before != null) {
      return before;
    }
    int headBytes = headBytes(file);
    if (headBytes == 0) {
      return Optional.empty();
    }
    try (BlockLease lease = space.inspect(file.blockId(0)).orElse(null)) {
      if (lease == null) {
        return Optional.empty();
      }
      ByteBuffer head =
          ByteBuffer.allocate((int) Math.min(headBytes, file.layout().blockLength(0)));
      lease.file().read(0, head);
      Optional<String> fault =
          WeightStructure.fault(file.path(), file.layout().lengthBytes(), head.array());
      fault.ifPresent(
          why -> LOG.error("{} is broken: {}. {}", file.path(), why, FailingFiles.DOWNLOAD_AGAIN));
      known.put(file.fileId(), fault);
      return fault;
    } catch (IOException | RuntimeException e) {
      LOG.debug("The beginning of {} cannot be read", file, e);
      return Optional.empty();
    }
  }

  private static int headBytes(FileSpec file) {
    return WeightStructure.headBytes(file.path(), file.layout().lengthBytes());
  }

  /** The broken ones among {@code files} that are in memory, by path, and why. */
  public Map<String, String> among(List<FileSpec> files) {
    Map<String, String> broken = new TreeMap<>();
    int fresh = 0;
    for (FileSpec file : files) {
      boolean isKnown = known.getIfPresent(file.fileId()) != null;
      boolean isWorthALook = isKnown || (headBytes(file) > 0 && space.isCommitted(file.blockId(0)));
      if (isWorthALook && (isKnown || fresh < MAX_NEW)) {
        fresh += isKnown ? 0 : 1;
        beginning(file).ifPresent(why -> broken.put(file.path(), why));
      }
      checksums.apply(file).ifPresent(why -> broken.putIfAbsent(file.path(), why));
    }
    return broken;
  }
}
