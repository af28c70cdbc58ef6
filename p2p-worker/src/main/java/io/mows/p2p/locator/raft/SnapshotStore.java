// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.locator.raft;

import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32;
import org.apache.ratis.io.MD5Hash;
import org.apache.ratis.server.protocol.TermIndex;
import org.apache.ratis.server.raftlog.RaftLog;
import org.apache.ratis.statemachine.SnapshotRetentionPolicy;
import org.apache.ratis.statemachine.impl.SimpleStateMachineStorage;
import org.apache.ratis.statemachine.impl.SingleFileSnapshotInfo;
import org.apache.ratis.util.MD5FileUtil;

/**
 * Snapshot files, one each, complete or not there at all:
 *
 * <pre>
 *   0         4        12         20         24
 *   +---------+---------+----------+----------+-----------------
 *   | "MWL1"  | term    | index    | CRC32    | sealed state
 *   +---------+---------+----------+----------+-----------------
 * </pre>
 *
 * The CRC covers all but itself. Ratis finds and transfers them by name ({@code
 * snapshot.term_index}) and by the MD5 in a file beside each.
 */
final class SnapshotStore extends SimpleStateMachineStorage {
  private static final int MAGIC = 0x4D574C31;
  private static final int CRC_OFFSET = 20;
  private static final int HEADER_BYTES = 24;

  /**
   * Writes {@code payload} as the snapshot at {@code applied}, in the place of one that is there,
   * and makes it the latest.
   */
  void write(TermIndex applied, byte[] payload) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(HEADER_BYTES + payload.length);
    bytes.putInt(MAGIC).putLong(applied.getTerm()).putLong(applied.getIndex()).putInt(0);
    bytes.put(payload);
    bytes.putInt(CRC_OFFSET, crc(bytes.array()));
    bytes.flip();
    File file = getSnapshotFile(applied.getTerm(), applied.getIndex());
    Path temporary = getTmpSnapshotFile(applied.getTerm(), applied.getIndex()).toPath();
    try (FileChannel out =
        FileChannel.open(
            temporary,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      while (bytes.hasRemaining()) {
        out.write(bytes);
      }
      out.force(true);
    }
    // After a crash in between there is no digest, which is made again, and never a wrong one.
    Files.deleteIfExists(MD5FileUtil.getDigestFileForFile(file).toPath());
    Files.move(temporary, file.toPath(), StandardCopyOption.ATOMIC_MOVE);
    try (FileChannel directory =
        FileChannel.open(file.toPath().getParent(), StandardOpenOption.READ)) {
      directory.force(true);
    }
    MD5FileUtil.saveMD5File(file, MD5Hash.digest(bytes.array()));
    loadLatestSnapshot();
  }

  /**
   * Reads the payload of a snapshot.
   *
   * @throws CorruptSnapshotException if it is not what was written
   */
  byte[] read(SingleFileSnapshotInfo snapshot) throws IOException {
    Path path = snapshot.getFile().getPath();
    byte[] bytes = Files.readAllBytes(path);
    if (bytes.length < HEADER_BYTES) {
      throw new CorruptSnapshotException(path, "cut short to " + bytes.length + " bytes");
    }
    ByteBuffer in = ByteBuffer.wrap(bytes);
    boolean isOurs =
        in.getInt() == MAGIC
            && in.getLong() == snapshot.getTerm()
            && in.getLong() == snapshot.getIndex();
    int stored = in.getInt();
    if (!isOurs || stored != crc(bytes)) {
      throw new CorruptSnapshotException(path, "its content or its CRC32 is wrong");
    }
    if (snapshot.getFile().getFileDigest() == null) {
      // Written just before a crash: the leader could not send it to others.
      MD5FileUtil.saveMD5File(path.toFile(), MD5Hash.digest(bytes));
      loadLatestSnapshot();
    }
    byte[] payload = new byte[bytes.length - HEADER_BYTES];
    in.get(payload);
    return payload;
  }

  private static int crc(byte[] bytes) {
    CRC32 crc = new CRC32();
    crc.update(bytes, 0, CRC_OFFSET);
    crc.update(bytes, HEADER_BYTES, bytes.length - HEADER_BYTES);
    return (int) crc.getValue();
  }

  /** Deletes all but the latest ones, and what Ratis leaves: digests and half-written files. */
  @Override
  public void cleanupOldSnapshots(SnapshotRetentionPolicy policy) throws IOException {
    super.cleanupOldSnapshots(policy);
    try (DirectoryStream<Path> files = Files.newDirectoryStream(getSmDir().toPath())) {
      for (Path file : files) {
        String name = file.getFileName().toString();
        boolean isOrphan =
            name.endsWith(MD5FileUtil.MD5_SUFFIX)
                && !Files.exists(
                    file.resolveSibling(
                        name.substring(0, name.length() - MD5FileUtil.MD5_SUFFIX.length())));
        if (isOrphan || name.endsWith(".tmp")) {
          Files.deleteIfExists(file);
        }
      }
    }
  }

  /** The index of the latest snapshot, or {@link RaftLog#INVALID_LOG_INDEX}. */
  long latestIndex() {
    SingleFileSnapshotInfo latest = getLatestSnapshot();
    return latest == null ? RaftLog.INVALID_LOG_INDEX : latest.getIndex();
  }

  /** A snapshot file is damaged. */
  static final class CorruptSnapshotException extends IOException {
    private static final long serialVersionUID = 1L;

    CorruptSnapshotException(Path file, String what) {
      super("The locator's snapshot " + file + " is damaged: " + what);
    }
  }
}
