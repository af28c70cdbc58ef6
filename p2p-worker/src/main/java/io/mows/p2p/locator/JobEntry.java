// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.locator;

/** An entry about warm-up jobs or the use of models. Immutable. */
abstract class JobEntry extends LocatorEntry {
  /** Kinds of entries, for {@code EntryCodec}. */
  static final int SUBMISSION = 16;

  static final int STOP = 17;
  static final int REPORT = 18;
  static final int USE = 19;
  static final int REMOVAL = 20;
  static final int DISUSE = 21;

  private final int kind;

  JobEntry(int kind, String peerId, long session) {
    super(peerId, session);
    this.kind = kind;
  }

  @Override
  final int kind() {
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
  static final class Submission extends JobEntry {
    private final WarmupJob job;

    Submission(WarmupJob job) {
      super(SUBMISSION, "", 0);
      this.job = job;
    }

    WarmupJob job() {
      return job;
    }

    @Override
    void writeBody(WireWriter out) {
      job.write(out);
    }
  }

  /** A job is called off and stays in the list. */
  static final class Stop extends JobEntry {
    private final String jobId;

    Stop(String jobId) {
      super(STOP, "", 0);
      this.jobId = jobId;
    }

    String jobId() {
      return jobId;
    }

    @Override
    void writeBody(WireWriter out) {
      out.putText(jobId);
    }
  }

  /** A job is forgotten. */
  static final class Removal extends JobEntry {
    private final String jobId;

    Removal(String jobId) {
      super(REMOVAL, "", 0);
      this.jobId = jobId;
    }

    String jobId() {
      return jobId;
    }

    @Override
    void writeBody(WireWriter out) {
      out.putText(jobId);
    }
  }

  /** What lies below a path was evicted on purpose: nobody is to bring it back by himself. */
  static final class Disuse extends JobEntry {
    private final String path;

    Disuse(String path) {
      super(DISUSE, "", 0);
      this.path = path;
    }

    String path() {
      return path;
    }

    @Override
    void writeBody(WireWriter out) {
      out.putText(path);
    }
  }

  /** What a worker has of a job. */
  static final class Report extends JobEntry {
    private final JobReport report;

    Report(String peerId, long session, JobReport report) {
      super(REPORT, peerId, session);
      this.report = report;
    }

    JobReport report() {
      return report;
    }

    @Override
    void writeBody(WireWriter out) {
      report.write(out);
    }
  }

  /** A worker's readers have opened a model. */
  static final class Use extends JobEntry {
    static final int MAX_OPENINGS = 1_000_000;
    private final String path;
    private final int openings;

    Use(String peerId, long session, String path, int openings) {
      super(USE, peerId, session);
      this.path = path;
      this.openings = openings;
    }

    String path() {
      return path;
    }

    int openings() {
      return openings;
    }

    @Override
    void writeBody(WireWriter out) {
      out.putText(path).putNumber(openings);
    }
  }
}
