// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.locator.raft;

import io.mows.p2p.locator.raft.SnapshotStore.CorruptSnapshotException;
import io.mows.p2p.locator.wire.SealException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Files of a member from which it cannot start: damaged, or sealed with a secret that it does not
 * have. They are set aside, because the others have all that was in them, and if there are no
 * others the peers announce it again.
 */
final class BadFiles {
  private static final Logger LOG = LoggerFactory.getLogger(BadFiles.class);

  private BadFiles() {}

  /** Whether they are why a member did not start. */
  static boolean areTheReason(IOException failure) {
    return isBecauseOf(failure, cause -> cause instanceof SealException || isDamage(cause));
  }

  /** Gives the directory another name. */
  static void setAside(Path dir, IOException why) throws IOException {
    boolean isSealed = isBecauseOf(why, cause -> cause instanceof SealException);
    String name = isSealed ? ".unopened-" : ".damaged-";
    Path aside = dir.resolveSibling(dir.getFileName() + name + System.currentTimeMillis());
    Files.move(dir, aside);
    LOG.error(
        "The locator's files in {} {} They are now in {}, where they may be deleted; this member"
            + " starts empty and gets everything from the other members, or, if there are none,"
            + " from the workers.",
        dir,
        isSealed
            ? "cannot be opened with this worker's secrets (is alluxio.mows.security.secret.file"
                + " another one, or alluxio.mows.security.insecure?)."
            : "are damaged: check the disk.",
        aside,
        why);
  }

  /** Damaged files, in contrast to a taken port or lock, a full disk or missing rights. */
  private static boolean isDamage(Throwable cause) {
    String name = cause.getClass().getSimpleName();
    return cause instanceof CorruptSnapshotException
        || name.startsWith("Checksum")
        || name.startsWith("Corrupt")
        || name.equals("WireException")
        || name.equals("EOFException");
  }

  private static boolean isBecauseOf(Throwable failure, Predicate<Throwable> what) {
    return Stream.iterate(failure, cause -> cause != null, Throwable::getCause).anyMatch(what);
  }
}
