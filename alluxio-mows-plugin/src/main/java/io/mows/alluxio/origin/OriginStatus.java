// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.origin;

import alluxio.AlluxioURI;
import alluxio.underfs.UfsFileStatus;
import alluxio.underfs.UnderFileSystem;
import alluxio.underfs.options.OpenOptions;
import io.mows.p2p.fetch.OriginException;
import io.mows.p2p.swarm.origin.OriginFault;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Asks the origin for the status of files, and finds out what it means when there is none.
 *
 * <p>Object stores' connectors say "not found" for any error of a HEAD request, and the one of
 * files for any error of the kernel. Of OSS we hear the client's own words ({@link
 * DirectOssReads}), of files we ask the kernel ourselves; of others, the first byte is asked for,
 * whose errors have words. Thread-safe; blocks.
 */
final class OriginStatus {
  private static final int ATTEMPTS = 4;
  private static final long PAUSE_MS = 150;

  private final OriginFileSystems fileSystems;

  OriginStatus(OriginFileSystems fileSystems) {
    this.fileSystems = fileSystems;
  }

  /**
   * Asks once.
   *
   * @throws FileNotFoundException if the answer is that there is no such file, which may be wrong
   * @throws OriginException if the origin is away or denies it
   */
  UfsFileStatus of(long mountId, String path) throws IOException {
    try {
      return fileSystems.get(mountId).getFileStatus(path);
    } catch (IOException | RuntimeException e) {
      Throwable said = DirectOssReads.lastFailure().orElse(e);
      Optional<OriginFault> fault = OriginErrors.faultOf(said);
      boolean missing = fault.isEmpty() && e instanceof FileNotFoundException;
      if (missing || fault.equals(Optional.of(OriginFault.GONE))) {
        FileNotFoundException notFound = new FileNotFoundException(path + " is not found");
        notFound.initCause(e);
        throw notFound;
      }
      throw new OriginException(
          fault.orElse(OriginFault.AWAY),
          "asked for the status of " + path + ", it says: " + OriginErrors.words(said),
          e);
    }
  }

  /**
   * Asks until it is sure.
   *
   * @throws OriginException if the origin is away, denies the file or has lost it
   */
  UfsFileStatus surely(long mountId, String path) throws IOException, InterruptedException {
    for (int attempt = 1; ; attempt++) {
      try {
        return of(mountId, path);
      } catch (FileNotFoundException e) {
        if (attempt == ATTEMPTS) {
          throw missing(mountId, path, e);
        }
      }
      TimeUnit.MILLISECONDS.sleep(PAUSE_MS << attempt);
    }
  }

  private OriginException missing(long mountId, String path, FileNotFoundException notFound)
      throws IOException {
    UnderFileSystem ufs = fileSystems.get(mountId);
    Exception said = notFound;
    try {
      if (ufs.getUnderFSType().equals("local")) {
        Path file = Path.of(new AlluxioURI(path).getPath());
        Files.readAttributes(file, BasicFileAttributes.class);
      } else {
        readByte(ufs, path);
      }
    } catch (NoSuchFileException e) {
      return gone(path, "", e);
    } catch (IOException | RuntimeException e) {
      said = e;
    }
    Throwable words = DirectOssReads.lastFailure().orElse(said);
    Optional<OriginFault> fault = OriginErrors.faultOf(words);
    if (fault.equals(Optional.of(OriginFault.GONE))) {
      return gone(path, "", said);
    }
    if (fault.isPresent()) {
      String message = "asked for " + path + ", it says: " + OriginErrors.words(words);
      return new OriginException(fault.get(), message, said);
    }
    boolean isThere = said == notFound && !ufs.getUnderFSType().equals("local");
    if (isThere) {
      String message = path + " can be read, but the origin says that it is not there";
      return new OriginException(OriginFault.AWAY, message, said);
    }
    return gone(path, " (an origin of this kind says the same where it denies it)", said);
  }

  private static OriginException gone(String path, String doubt, Exception cause) {
    return new OriginException(
        OriginFault.GONE, path + " is gone: it is no longer at the origin" + doubt, cause);
  }

  private static void readByte(UnderFileSystem ufs, String path) throws IOException {
    try (InputStream in = ufs.open(path, OpenOptions.defaults().setLength(1))) {
      in.read();
    }
  }
}
