// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.block;

import alluxio.exception.AlluxioException;
import alluxio.underfs.Fingerprint;
import alluxio.util.IdUtils;
import alluxio.wire.FileInfo;
import com.google.common.base.Ticker;
import com.google.common.cache.Cache;
import com.google.common.cache.CacheBuilder;
import io.mows.alluxio.conf.ManifestName;
import io.mows.alluxio.conf.PathPrefixes;
import io.mows.alluxio.master.MasterCalls;
import io.mows.p2p.fetch.FileSpec;
import io.mows.p2p.fetch.OriginRef;
import io.mows.p2p.piece.FileLayout;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;

/**
 * Which files are accelerated, and what the engine needs to know of them. Thread-safe.
 *
 * <p>Answers are remembered for a short while: they belong to a file id, whose content never
 * changes, but a file may be renamed. While the master is away, old answers do.
 */
public final class FileCatalog implements AutoCloseable {
  private static final Duration REMEMBER = Duration.ofSeconds(30);
  private static final long MAX_FILES = 10_000;

  /** Whoever asks can have the block read as stock Alluxio does, so it is not worth a long wait. */
  private static final MasterCalls.Patience PATIENCE = new MasterCalls.Patience(2_000, 500, 10_000);

  private final FileInfoSource master;
  private final PathPrefixes paths;
  private final int pieceBytes;
  private final Optional<MasterCalls> calls;
  private final String manifestName;
  private final AlikeFiles alike = new AlikeFiles();
  private final Cache<Long, Entry> byFileId;

  /** For the time when the master is away. */
  private final Cache<Long, Entry> everSeen =
      CacheBuilder.newBuilder().maximumSize(MAX_FILES).build();

  /** Asks the master about a file id; may wait for it. */
  public interface FileInfoSource {
    FileInfo get(long fileId) throws IOException;
  }

  /** One that waits for the master as long as {@code master} does, on the caller's thread. */
  public FileCatalog(
      FileInfoSource master, PathPrefixes paths, int pieceBytes, String manifestName) {
    this(master, paths, pieceBytes, manifestName, Optional.empty(), Ticker.systemTicker());
  }

  /**
   * One that does not wait for a master that is away.
   *
   * @param manifestName what manifests are called: they are not accelerated, because what judges
   *     the others comes from the origin and not from a cache or a peer
   */
  public static FileCatalog impatient(
      FileInfoSource master, PathPrefixes paths, int pieceBytes, String manifestName) {
    return new FileCatalog(
        master,
        paths,
        pieceBytes,
        manifestName,
        Optional.of(new MasterCalls(PATIENCE)),
        Ticker.systemTicker());
  }

  FileCatalog(
      FileInfoSource master,
      PathPrefixes paths,
      int pieceBytes,
      String manifestName,
      Optional<MasterCalls> calls,
      Ticker ticker) {
    this.master = master;
    this.paths = paths;
    this.pieceBytes = pieceBytes;
    this.manifestName = manifestName;
    this.calls = calls;
    this.byFileId =
        CacheBuilder.newBuilder()
            .ticker(ticker)
            .expireAfterWrite(REMEMBER)
            .maximumSize(MAX_FILES)
            .build();
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
    return ManifestName.isOf(path, manifestName);
  }

  private Entry entry(long fileId) throws IOException {
    Entry known = byFileId.getIfPresent(fileId);
    if (known != null) {
      return known;
    }
    if (calls.isEmpty()) {
      return entry(master.get(fileId));
    }
    try {
      return calls
          .get()
          .ask(() -> entry(master.get(fileId)), Optional.ofNullable(everSeen.getIfPresent(fileId)));
    } catch (AlluxioException e) {
      throw new IOException(e);
    }
  }

  /** The file with this id, if it was asked for before and is accelerated. Asks nobody. */
  public Optional<FileSpec> known(long fileId) {
    Entry known = everSeen.getIfPresent(fileId);
    return known == null ? Optional.empty() : known.spec;
  }

  /** The accelerated files that were asked for before, some thousands at most. Asks nobody. */
  public List<FileSpec> known() {
    return everSeen.asMap().values().stream()
        .flatMap(entry -> entry.spec.stream())
        .collect(Collectors.toList());
  }

  /** Other files that were asked for and may be the same file at the origin. Asks nobody. */
  List<FileSpec> alike(FileSpec file) {
    return alike.others(file);
  }

  /**
   * How many copies Alluxio keeps at most of a file that was seen; empty if there is no limit. Asks
   * nobody.
   */
  OptionalInt maxCopies(long fileId) {
    Entry known = everSeen.getIfPresent(fileId);
    return known == null || known.maxCopies < 0
        ? OptionalInt.empty()
        : OptionalInt.of(known.maxCopies);
  }

  /**
   * Those of {@link #known()} that Alluxio keeps a limited number of copies of, and how many. Asks
   * nobody.
   */
  public Map<FileSpec, Integer> limited() {
    Map<FileSpec, Integer> limited = new HashMap<>();
    for (Entry entry : everSeen.asMap().values()) {
      if (entry.maxCopies >= 0) {
        entry.spec.ifPresent(file -> limited.put(file, entry.maxCopies));
      }
    }
    return limited;
  }

  private Entry entry(FileInfo info) {
    if (!info.isCompleted()) {
      return Entry.STOCK;
    }
    Entry entry = Entry.STOCK;
    if (isOurs(info)) {
      entry =
          isManifestName(info.getPath())
              ? Entry.MANIFEST
              : new Entry(spec(info), info.getReplicationMax());
    }
    entry.spec.ifPresent(alike::add);
    byFileId.put(info.getFileId(), entry);
    everSeen.put(info.getFileId(), entry);
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

  /** Gives up on questions that the master does not answer: they would hold up its client's end. */
  @Override
  public void close() {
    calls.ifPresent(MasterCalls::close);
  }

  /** What is known of one file id. Immutable. */
  private static final class Entry {
    private static final int UNLIMITED = -1;
    private static final Entry STOCK = new Entry(Optional.empty(), false, UNLIMITED);
    private static final Entry MANIFEST = new Entry(Optional.empty(), true, UNLIMITED);

    private final Optional<FileSpec> spec;
    private final boolean manifest;
    private final int maxCopies;

    Entry(FileSpec spec, int maxCopies) {
      this(Optional.of(spec), false, maxCopies);
    }

    private Entry(Optional<FileSpec> spec, boolean manifest, int maxCopies) {
      this.spec = spec;
      this.manifest = manifest;
      this.maxCopies = maxCopies;
    }
  }
}
