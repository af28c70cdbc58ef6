// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.block;

import alluxio.exception.AlluxioException;
import alluxio.underfs.Fingerprint;
import alluxio.util.IdUtils;
import alluxio.wire.FileInfo;
import com.google.common.cache.Cache;
import com.google.common.cache.CacheBuilder;
import io.mows.alluxio.conf.PathPrefixes;
import io.mows.alluxio.master.MasterCalls;
import io.mows.p2p.fetch.FileSpec;
import io.mows.p2p.fetch.OriginRef;
import io.mows.p2p.piece.FileLayout;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Which files are accelerated, and what the engine needs to know of them. Thread-safe.
 *
 * <p>Answers are remembered for a short while: they belong to a file id, whose content never
 * changes, but a file may be renamed. While the master is away, old answers do.
 */
public final class FileCatalog {
  private static final Duration REMEMBER = Duration.ofSeconds(30);
  private static final long MAX_FILES = 10_000;

  /** Whoever asks can have the block read as stock Alluxio does, so it is not worth a long wait. */
  private static final MasterCalls.Patience PATIENCE = new MasterCalls.Patience(2_000, 500, 10_000);

  private final FileInfoSource master;
  private final PathPrefixes paths;
  private final int pieceBytes;
  private final MasterCalls calls;
  private final String manifestName;
  private final Consumer<FileInfo> seen;
  private final Cache<Long, Entry> byFileId =
      CacheBuilder.newBuilder().expireAfterWrite(REMEMBER).maximumSize(MAX_FILES).build();

  /** For the time when the master is away. */
  private final Cache<Long, Entry> everSeen =
      CacheBuilder.newBuilder().maximumSize(MAX_FILES).build();

  /** Asks the master about a file id; may wait for it. */
  public interface FileInfoSource {
    FileInfo get(long fileId) throws IOException;
  }

  /** As the other one, for nobody who wants to be told. */
  public FileCatalog(
      FileInfoSource master, PathPrefixes paths, int pieceBytes, String manifestName) {
    this(master, paths, pieceBytes, manifestName, info -> {});
  }

  /**
   * @param manifestName what manifests are called: they are not accelerated, because what judges
   *     the others comes from the origin and not from a cache or a peer
   * @param seen told of every accelerated file that the master speaks of
   */
  public FileCatalog(
      FileInfoSource master,
      PathPrefixes paths,
      int pieceBytes,
      String manifestName,
      Consumer<FileInfo> seen) {
    this.master = master;
    this.paths = paths;
    this.pieceBytes = pieceBytes;
    this.calls = new MasterCalls(PATIENCE);
    this.manifestName = manifestName;
    this.seen = seen;
  }

  /** The file that a block belongs to, if it is accelerated. Asks the master at times. */
  public Optional<FileSpec> ofBlock(long blockId) throws IOException {
    return ofFile(IdUtils.fileIdFromBlockId(blockId));
  }

  /** The file with this id, if it is accelerated. Asks the master at times. */
  public Optional<FileSpec> ofFile(long fileId) throws IOException {
    return entry(fileId).spec;
  }

  /** What the engine needs to know of a file, if it is accelerated. */
  public Optional<FileSpec> of(FileInfo info) {
    return entry(info).spec;
  }

  /** Whether a block is of a manifest of accelerated files. Asks the master at times. */
  public boolean isManifest(long blockId) throws IOException {
    return entry(IdUtils.fileIdFromBlockId(blockId)).manifest;
  }

  /** Whether a manifest may be called this. */
  public boolean isManifestName(String path) {
    return path.endsWith("/" + manifestName);
  }

  private Entry entry(long fileId) throws IOException {
    Entry known = byFileId.getIfPresent(fileId);
    if (known != null) {
      return known;
    }
    try {
      return calls.ask(
          () -> entry(master.get(fileId)), Optional.ofNullable(everSeen.getIfPresent(fileId)));
    } catch (AlluxioException e) {
      throw new IOException(e);
    }
  }

  private Entry entry(FileInfo info) {
    if (!info.isCompleted()) {
      return Entry.STOCK;
    }
    Entry entry = Entry.STOCK;
    if (isOurs(info)) {
      entry = isManifestName(info.getPath()) ? Entry.MANIFEST : new Entry(spec(info));
    }
    byFileId.put(info.getFileId(), entry);
    everSeen.put(info.getFileId(), entry);
    if (entry.spec.isPresent()) {
      seen.accept(info);
    }
    return entry;
  }

  /** Only what the origin has, and has whole: anything else is for Alluxio alone. */
  private boolean isOurs(FileInfo info) {
    return !info.isFolder()
        && info.isPersisted()
        && info.getLength() > 0
        && !info.getUfsPath().isEmpty()
        && paths.covers(info.getPath());
  }

  private FileSpec spec(FileInfo info) {
    return new FileSpec(
        info.getFileId(),
        info.getPath(),
        new FileLayout(info.getLength(), info.getBlockSizeBytes(), pieceBytes),
        info.getBlockIds(),
        new OriginRef(
            info.getMountId(),
            info.getUfsPath(),
            contentHash(info.getUfsFingerprint()),
            info.getLastModificationTimeMs()));
  }

  private static String contentHash(String fingerprint) {
    Fingerprint parsed = Fingerprint.parse(fingerprint);
    if (parsed == null || !parsed.isValid()) {
      return "";
    }
    String hash = parsed.getTag(Fingerprint.Tag.CONTENT_HASH);
    return hash == null || hash.equals(Fingerprint.UNDERSCORE) ? "" : hash;
  }

  /** What is known of one file id. Immutable. */
  private static final class Entry {
    private static final Entry STOCK = new Entry(Optional.empty(), false);
    private static final Entry MANIFEST = new Entry(Optional.empty(), true);

    private final Optional<FileSpec> spec;
    private final boolean manifest;

    Entry(FileSpec spec) {
      this(Optional.of(spec), false);
    }

    private Entry(Optional<FileSpec> spec, boolean manifest) {
      this.spec = spec;
      this.manifest = manifest;
    }
  }
}
