// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.locator.protocol;

import io.mows.p2p.locator.FileInfo;
import io.mows.p2p.locator.jobs.JobReport;
import io.mows.p2p.locator.jobs.WarmupJob;
import io.mows.p2p.locator.wire.WireException;
import io.mows.p2p.locator.wire.WireReader;
import io.mows.p2p.locator.wire.WireWriter;

/** An entry about warm-up jobs or the use of models. Immutable. */
public abstract class JobEntry extends LocatorEntry {
  /** Kinds of entries, for {@code EntryCodec}. */
  public static final int SUBMISSION = 16;

  public static final int STOP = 17;
  public static final int REPORT = 18;
  public static final int USE = 19;
  public static final int REMOVAL = 20;
  public static final int DISUSE = 21;

  private final int kind;

  JobEntry(int kind, String peerId, long session) {
    super(peerId, session);
    this.kind = kind;
  }

  @Override
  public final int kind() {
    return kind;
  }

  /** The entry of this kind; null if there is none. */
  static JobEntry readBody(int kind, String peerId, long session, WireReader in)
      throws WireException {
    switch (kind) {
      case SUBMISSION:
        return new Submission(WarmupJob.read(in));
      case STOP:
        return new Stop(in.readText(JobReport.MAX_ID_BYTES, "a job id"));
      case REMOVAL:
        return new Removal(in.readText(JobReport.MAX_ID_BYTES, "a job id"));
      case DISUSE:
        return new Disuse(in.readText(FileInfo.MAX_PATH_BYTES, "a path"));
      case REPORT:
        return new Report(peerId, session, JobReport.read(in));
      case USE:
        return new Use(
            peerId,
            session,
            in.readText(FileInfo.MAX_PATH_BYTES, "a path"),
            (int) in.readNumber(Use.MAX_OPENINGS, "openings"));
      default:
        return null;
    }
  }

  /** A job is wanted, from now on or still. */
  public static final class Submission extends JobEntry {
    private final WarmupJob job;

    public Submission(WarmupJob job) {
      super(SUBMISSION, "", 0);
      this.job = job;
    }

    public WarmupJob job() {
      return job;
    }

    @Override
    void writeBody(WireWriter out) {
      job.write(out);
    }
  }

  /** A job is called off and stays in the list. */
  public static final class Stop extends JobEntry {
    private final String jobId;

    public Stop(String jobId) {
      super(STOP, "", 0);
      this.jobId = jobId;
    }

    public String jobId() {
      return jobId;
    }

    @Override
    void writeBody(WireWriter out) {
      out.putText(jobId);
    }
  }

  /** A job is forgotten. */
  public static final class Removal extends JobEntry {
    private final String jobId;

    public Removal(String jobId) {
      super(REMOVAL, "", 0);
      this.jobId = jobId;
    }

    public String jobId() {
      return jobId;
    }

    @Override
    void writeBody(WireWriter out) {
      out.putText(jobId);
    }
  }

  /** What lies below a path was evicted on purpose: nobody is to bring it back by himself. */
  public static final class Disuse extends JobEntry {
    private final String path;

    public Disuse(String path) {
      super(DISUSE, "", 0);
      this.path = path;
    }

    public String path() {
      return path;
    }

    @Override
    void writeBody(WireWriter out) {
      out.putText(path);
    }
  }

  /** What a worker has of a job. */
  public static final class Report extends JobEntry {
    private final JobReport report;

    public Report(String peerId, long session, JobReport report) {
      super(REPORT, peerId, session);
      this.report = report;
    }

    public JobReport report() {
      return report;
    }

    @Override
    void writeBody(WireWriter out) {
      report.write(out);
    }
  }

  /** A worker's readers have opened a model. */
  public static final class Use extends JobEntry {
    static final int MAX_OPENINGS = 1_000_000;
    private final String path;
    private final int openings;

    public Use(String peerId, long session, String path, int openings) {
      super(USE, peerId, session);
      this.path = path;
      this.openings = openings;
    }

    public String path() {
      return path;
    }

    public int openings() {
      return openings;
    }

    @Override
    void writeBody(WireWriter out) {
      out.putText(path).putNumber(openings);
    }
  }
}
