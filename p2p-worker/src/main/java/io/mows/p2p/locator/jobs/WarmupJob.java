// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.locator.jobs;

import io.mows.p2p.locator.FileInfo;
import io.mows.p2p.locator.wire.WireException;
import io.mows.p2p.locator.wire.WireReader;
import io.mows.p2p.locator.wire.WireWriter;
import io.mows.p2p.piece.Rendezvous;
import java.util.ArrayList;
import java.util.List;

/**
 * What somebody wants to be in memory, and where: files, the workers that are to hold them, and how
 * many copies these hold together. Immutable.
 */
public final class WarmupJob {
  /** Every worker that is meant holds everything. */
  public static final int EVERYWHERE = 0;

  static final int MAX_PATHS = 1_000;
  static final int MAX_FILES = 20_000;
  private static final int MAX_REPLICAS = 10_000;
  private static final int STOPPED = 1;
  private static final int PINNED = 2;

  private final String id;
  private final List<String> paths;
  private final JobTarget target;
  private final int replicas;
  private final boolean pinned;
  private final long bytesPerSecond;
  private final long submittedMs;
  private final boolean stopped;
  private final List<JobFile> files;

  private WarmupJob(
      String id,
      List<String> paths,
      JobTarget target,
      int replicas,
      boolean pinned,
      long bytesPerSecond,
      long submittedMs,
      boolean stopped,
      List<JobFile> files) {
    this.id = id;
    this.paths = List.copyOf(paths);
    this.target = target;
    this.replicas = replicas;
    this.pinned = pinned;
    this.bytesPerSecond = bytesPerSecond;
    this.submittedMs = submittedMs;
    this.stopped = stopped;
    this.files = List.copyOf(files);
  }

  /**
   * A job that runs. Jobs for the same paths, workers and copies have the same id, whoever makes
   * them: the later one replaces the earlier.
   *
   * @param paths what was asked for; the order does not matter
   * @param replicas copies of each block, or {@link #EVERYWHERE}
   * @param bytesPerSecond what each worker may fetch for it; 0 for as much as there is
   * @param submittedMs the wall clock
   * @param files what lies below {@code paths}, without empty files
   */
  public static WarmupJob of(
      List<String> paths,
      JobTarget target,
      int replicas,
      boolean pinned,
      long bytesPerSecond,
      long submittedMs,
      List<JobFile> files) {
    List<String> sorted = new ArrayList<>(paths);
    sorted.sort(null);
    long hash = Rendezvous.hash(target + "\n" + replicas + "\n" + String.join("\n", sorted));
    return new WarmupJob(
        String.format("%012x", hash >>> 16),
        sorted,
        target,
        replicas,
        pinned,
        bytesPerSecond,
        submittedMs,
        false,
        files);
  }

  /** The same, called off: nobody works on it any more. What is in memory stays there. */
  public WarmupJob stop() {
    return new WarmupJob(
        id, paths, target, replicas, pinned, bytesPerSecond, submittedMs, true, files);
  }

  /** Twelve hexadecimal digits. */
  public String id() {
    return id;
  }

  public List<String> paths() {
    return paths;
  }

  public JobTarget target() {
    return target;
  }

  public int replicas() {
    return replicas;
  }

  public boolean isPinned() {
    return pinned;
  }

  /** For each worker; 0 if it is not limited. */
  public long bytesPerSecond() {
    return bytesPerSecond;
  }

  public long submittedMs() {
    return submittedMs;
  }

  public boolean isStopped() {
    return stopped;
  }

  public List<JobFile> files() {
    return files;
  }

  /** Bytes of one copy. */
  public long totalBytes() {
    return files.stream().mapToLong(JobFile::lengthBytes).sum();
  }

  /** Blocks of one copy, counted over all files in their order. */
  public int blockCount() {
    return files.stream().mapToInt(JobFile::blockCount).sum();
  }

  public void write(WireWriter out) {
    out.putText(id).putNumber(paths.size());
    paths.forEach(out::putText);
    target.write(out);
    out.putNumber(replicas).putNumber(bytesPerSecond).putNumber(submittedMs);
    out.putByte((stopped ? STOPPED : 0) | (pinned ? PINNED : 0));
    out.putNumber(files.size());
    files.forEach(file -> file.write(out));
  }

  public static WarmupJob read(WireReader in) throws WireException {
    String id = in.readText(JobReport.MAX_ID_BYTES, "a job id");
    int pathCount = in.readCount(MAX_PATHS, "paths");
    List<String> paths = new ArrayList<>();
    for (int i = 0; i < pathCount; i++) {
      paths.add(in.readText(FileInfo.MAX_PATH_BYTES, "a path"));
    }
    JobTarget target = JobTarget.read(in);
    int replicas = (int) in.readNumber(MAX_REPLICAS, "the number of copies");
    long bytesPerSecond = in.readNumber(Long.MAX_VALUE, "a bandwidth");
    long submittedMs = in.readNumber(Long.MAX_VALUE, "a time");
    int flags = in.readByte();
    int fileCount = in.readCount(MAX_FILES, "files");
    List<JobFile> files = new ArrayList<>();
    long blocks = 0;
    for (int i = 0; i < fileCount; i++) {
      files.add(JobFile.read(in));
      blocks += files.get(i).blockCount();
    }
    if (flags > (STOPPED | PINNED) || blocks > JobReport.MAX_BLOCKS) {
      throw new WireException("a job has unknown flags or too many blocks");
    }
    return new WarmupJob(
        id,
        paths,
        target,
        replicas,
        (flags & PINNED) != 0,
        bytesPerSecond,
        submittedMs,
        (flags & STOPPED) != 0,
        files);
  }

  @Override
  public String toString() {
    return "job " + id + " " + paths + " for " + target;
  }
}
