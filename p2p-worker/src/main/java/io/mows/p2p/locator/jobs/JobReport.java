// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.locator.jobs;

import io.mows.p2p.locator.FileInfo;
import io.mows.p2p.locator.wire.WireException;
import io.mows.p2p.locator.wire.WireReader;
import io.mows.p2p.locator.wire.WireWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/** What one worker has of one job, and why it has no more. Immutable. */
public final class JobReport {
  /** Blocks of one job at most: a report has a bit for each. */
  public static final int MAX_BLOCKS = 1_000_000;

  /** Failures that one report names; more are counted. */
  public static final int MAX_FAILURES = 20;

  public static final int MAX_ID_BYTES = 64;
  private static final int MAX_REASON_BYTES = 512;

  private final String jobId;
  private final BitSet blocks;
  private final long partialBytes;
  private final long bytesPerSecond;
  private final List<Failure> failures;
  private final int failureCount;

  /**
   * @param blocks complete and verified blocks, counted over all files of the job
   * @param partialBytes what has arrived of its other blocks: on its way, not there yet
   * @param bytesPerSecond how fast blocks become complete
   * @param failures the first {@link #MAX_FAILURES} files that lack something, and why
   * @param failureCount how many files failed in all
   */
  public JobReport(
      String jobId,
      BitSet blocks,
      long partialBytes,
      long bytesPerSecond,
      List<Failure> failures,
      int failureCount) {
    this.jobId = jobId;
    this.blocks = (BitSet) blocks.clone();
    this.partialBytes = partialBytes;
    this.bytesPerSecond = bytesPerSecond;
    this.failures = List.copyOf(failures);
    this.failureCount = failureCount;
  }

  public String jobId() {
    return jobId;
  }

  /** A copy. */
  public BitSet blocks() {
    return (BitSet) blocks.clone();
  }

  public long partialBytes() {
    return partialBytes;
  }

  public long bytesPerSecond() {
    return bytesPerSecond;
  }

  public List<Failure> failures() {
    return failures;
  }

  public int failureCount() {
    return failureCount;
  }

  public void write(WireWriter out) {
    byte[] bits = blocks.toByteArray();
    out.putText(jobId).putNumber(bits.length).putBytes(bits, bits.length);
    out.putNumber(partialBytes).putNumber(bytesPerSecond);
    out.putNumber(failures.size()).putNumber(failureCount);
    failures.forEach(failure -> out.putText(failure.path).putText(failure.reason));
  }

  public static JobReport read(WireReader in) throws WireException {
    String jobId = in.readText(MAX_ID_BYTES, "a job id");
    byte[] bits = in.readBytes(in.readCount(MAX_BLOCKS / 8 + 1, "bytes of blocks"));
    if (bits.length > 0 && bits[bits.length - 1] == 0) {
      throw new WireException("a set of blocks is longer than it needs to be");
    }
    long partialBytes = in.readNumber(Long.MAX_VALUE, "partial bytes");
    long bytesPerSecond = in.readNumber(Long.MAX_VALUE, "bytes per second");
    int named = in.readCount(MAX_FAILURES, "failures");
    int failureCount = (int) in.readNumber(Integer.MAX_VALUE, "the number of failures");
    List<Failure> failures = new ArrayList<>();
    for (int i = 0; i < named; i++) {
      failures.add(
          new Failure(
              in.readText(FileInfo.MAX_PATH_BYTES, "a path"),
              in.readText(MAX_REASON_BYTES, "a reason")));
    }
    return new JobReport(
        jobId, BitSet.valueOf(bits), partialBytes, bytesPerSecond, failures, failureCount);
  }

  /** Why a file is not all there. Immutable. */
  public static final class Failure {
    private final String path;
    private final String reason;

    /**
     * @param reason for the operator; cut off if it is long
     */
    public Failure(String path, String reason) {
      this.path = path;
      this.reason = cut(reason);
    }

    private static String cut(String reason) {
      String text = reason;
      while (text.getBytes(StandardCharsets.UTF_8).length > MAX_REASON_BYTES) {
        text = text.substring(0, text.length() * 3 / 4);
      }
      return text;
    }

    public String path() {
      return path;
    }

    public String reason() {
      return reason;
    }
  }
}
