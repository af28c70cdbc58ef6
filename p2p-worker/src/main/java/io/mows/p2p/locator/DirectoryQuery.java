// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.locator;

import io.mows.p2p.piece.PieceDigest;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** Questions and answers as bytes, and answering them from a state. */
final class DirectoryQuery {
  private static final int VERSION = 1;
  private static final int LOOKUP = 1;
  private static final int STATUS = 2;
  private static final int DIGEST = 3;
  private static final int JOBS = 17;
  private static final int OK = 0;
  private static final int UNREADABLE = 1;
  private static final int MAX_REASON_BYTES = 1024;

  private DirectoryQuery() {}

  static byte[] write(LookupQuery query) {
    WireWriter out = new WireWriter().putByte(VERSION).putByte(LOOKUP);
    query.write(out);
    return out.toBytes();
  }

  static byte[] write(StatusQuery query) {
    WireWriter out = new WireWriter().putByte(VERSION).putByte(STATUS);
    query.write(out);
    return out.toBytes();
  }

  /** Asks for the proven digest of a file. */
  static byte[] writeDigestQuery(long fileId) {
    return new WireWriter().putByte(VERSION).putByte(DIGEST).putLong(fileId).toBytes();
  }

  static Optional<PieceDigest> readDigest(byte[] answer) throws IOException {
    WireReader in = open(answer);
    in.readLong();
    readAge(in);
    Optional<PieceDigest> digest =
        in.readByte() == 1 ? Optional.of(DigestTable.readDigest(in)) : Optional.empty();
    in.expectEnd();
    return digest;
  }

  static byte[] write(JobsQuery query) {
    WireWriter out = new WireWriter().putByte(VERSION).putByte(JOBS);
    query.write(out);
    return out.toBytes();
  }

  /** Answers {@code query}; says so in the answer if it cannot be read. */
  static byte[] answer(byte[] query, LocatorState state, long ageMs) {
    try {
      WireReader in = new WireReader(query);
      int version = in.readByte();
      int kind = in.readByte();
      boolean isKnown = kind == LOOKUP || kind == STATUS || kind == DIGEST || kind == JOBS;
      if (version != VERSION || !isKnown) {
        throw new WireException(
            "a question is of version " + version + " and kind " + kind + ": upgrade all workers");
      }
      WireWriter out = new WireWriter();
      out.putByte(OK).putLong(state.epoch()).putNumber(ageMs);
      if (kind == LOOKUP) {
        LookupQuery lookup = LookupQuery.read(in);
        in.expectEnd();
        LookupCodec.write(lookup.answer(state, ageMs), out);
      } else if (kind == DIGEST) {
        long fileId = in.readLong();
        in.expectEnd();
        Optional<PieceDigest> digest = state.digests().get(fileId);
        out.putByte(digest.isPresent() ? 1 : 0);
        digest.ifPresent(known -> DigestTable.write(known, out));
      } else if (kind == JOBS) {
        JobsQuery jobs = JobsQuery.read(in);
        in.expectEnd();
        jobs.answer(state, out);
      } else {
        StatusQuery status = StatusQuery.read(in);
        in.expectEnd();
        StatusCodec.write(status.answer(state, ageMs), out);
      }
      return out.toBytes();
    } catch (WireException e) {
      return new WireWriter().putByte(UNREADABLE).putText(e.getMessage()).toBytes();
    }
  }

  /** How long an answer to {@code query} may wait for news; 0 if it is to be answered now. */
  static long patienceMs(byte[] query, LocatorState state) {
    try {
      WireReader in = new WireReader(query);
      boolean mayWait = in.readByte() == VERSION && in.readByte() == JOBS;
      return mayWait ? JobsQuery.read(in).patienceMs(state) : 0;
    } catch (WireException e) {
      return 0; // The answer says what is wrong with it.
    }
  }

  static List<Lookup> readLookups(byte[] answer) throws IOException {
    WireReader in = open(answer);
    List<Lookup> lookups = LookupCodec.read(in, in.readLong(), readAge(in));
    in.expectEnd();
    return lookups;
  }

  static LocatorStatus readStatus(byte[] answer) throws IOException {
    WireReader in = open(answer);
    LocatorStatus status = StatusCodec.read(in, in.readLong(), readAge(in));
    in.expectEnd();
    return status;
  }

  /**
   * @param known what the asker knew
   */
  static JobsView readJobs(byte[] answer, JobsView known) throws IOException {
    WireReader in = open(answer);
    long epoch = in.readLong();
    readAge(in);
    JobsView view = JobsView.read(in, epoch, known);
    in.expectEnd();
    return view;
  }

  static long ageMs(byte[] answer) throws IOException {
    WireReader in = open(answer);
    in.readLong();
    return readAge(in);
  }

  private static long readAge(WireReader in) throws WireException {
    return in.readNumber(Long.MAX_VALUE - 1, "an age");
  }

  private static WireReader open(byte[] answer) throws IOException {
    WireReader in = new WireReader(answer);
    int result = in.readByte();
    if (result == UNREADABLE) {
      throw new IOException(
          "The locator could not read a question: " + in.readText(MAX_REASON_BYTES, "a reason"));
    }
    if (result != OK) {
      throw new WireException("an answer is of unknown kind " + result);
    }
    return in;
  }
}
