// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.origin;

import alluxio.underfs.UfsFileStatus;
import alluxio.underfs.UnderFileSystem;
import io.mows.p2p.fetch.OriginException;
import io.mows.p2p.fetch.OriginRef;
import io.mows.p2p.swarm.origin.OriginFault;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Reads small files of the origin whole. Thread-safe; blocks. */
public final class OriginFiles {
  private static final int ATTEMPTS = 2;
  private static final long PAUSE_MS = 100;

  private final OriginFileSystems fileSystems;
  private final OriginStatus status;

  OriginFiles(OriginFileSystems fileSystems, OriginStatus status) {
    this.fileSystems = fileSystems;
    this.status = status;
  }

  /**
   * Reads the file with this name {@code levels} directories above {@code file}; 0 is its own.
   *
   * @return empty if there is none, or if that is above the mount point
   * @throws IOException if that cannot be found out; an {@link OriginException} if the origin is
   *     away or denies it
   */
  public Optional<OriginFile> read(OriginRef file, int levels, String name, int maxBytes)
      throws IOException {
    String directory = file.path();
    String root = fileSystems.root(file.mountId());
    for (int i = 0; i <= levels; i++) {
      directory = directory.substring(0, Math.max(0, directory.lastIndexOf('/')));
    }
    boolean inside = directory.equals(root) || directory.startsWith(root + "/");
    return inside ? read(file.mountId(), directory + "/" + name, maxBytes) : Optional.empty();
  }

  private Optional<OriginFile> read(long mountId, String path, int maxBytes) throws IOException {
    for (int attempt = 1; ; attempt++) {
      try {
        UfsFileStatus found = status.of(mountId, path);
        return Optional.of(
            found.getContentLength() > maxBytes
                ? new OriginFile(path, found.getContentLength(), null)
                : content(fileSystems.get(mountId), path, maxBytes));
      } catch (FileNotFoundException e) {
        // Object stores say so for other errors, too.
        if (attempt == ATTEMPTS) {
          return Optional.empty();
        }
      }
      try {
        TimeUnit.MILLISECONDS.sleep(PAUSE_MS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("Interrupted while reading " + path, e);
      }
    }
  }

  private static OriginFile content(UnderFileSystem ufs, String path, int maxBytes)
      throws IOException {
    try (InputStream in = ufs.open(path)) {
      byte[] bytes = in.readNBytes(maxBytes);
      return new OriginFile(path, bytes.length, bytes);
    } catch (IOException | RuntimeException e) {
      Throwable said = DirectOssReads.lastFailure().orElse(e);
      OriginFault fault = OriginErrors.faultOf(said).orElse(OriginFault.AWAY);
      if (fault == OriginFault.GONE) {
        throw new FileNotFoundException(path + " is not found");
      }
      throw new OriginException(
          fault, "asked for " + path + ", it says: " + OriginErrors.words(said), e);
    }
  }

  /** A file as it was read. Immutable. */
  public static final class OriginFile {
    private final String path;
    private final long lengthBytes;
    private final byte[] content;

    /**
     * @param content null if the file is too large
     */
    @SuppressWarnings("ArrayRecordComponent")
    public OriginFile(String path, long lengthBytes, byte[] content) {
      this.path = path;
      this.lengthBytes = lengthBytes;
      this.content = content == null ? null : content.clone();
    }

    public String path() {
      return path;
    }

    public long lengthBytes() {
      return lengthBytes;
    }

    /** Empty if the file is too large. */
    public Optional<byte[]> content() {
      return Optional.ofNullable(content).map(byte[]::clone);
    }
  }
}
