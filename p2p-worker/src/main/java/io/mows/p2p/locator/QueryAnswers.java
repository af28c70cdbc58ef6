// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.locator;

import io.mows.p2p.piece.PieceDigest;
import java.util.Optional;

/** Answers questions from a state. */
final class QueryAnswers {
  private QueryAnswers() {}

  /** Answers {@code query}; says so in the answer if it cannot be read. */
  static byte[] answer(byte[] query, LocatorState state, long ageMs) {
    try {
      WireReader in = new WireReader(query);
      int version = in.readByte();
      int kind = in.readByte();
      boolean isKnown =
          kind == DirectoryQuery.LOOKUP
              || kind == DirectoryQuery.STATUS
              || kind == DirectoryQuery.DIGEST
              || kind == DirectoryQuery.JOBS;
      if (version != DirectoryQuery.VERSION || !isKnown) {
        throw new WireException(
            "a question is of version " + version + " and kind " + kind + ": upgrade all workers");
      }
      WireWriter out = new WireWriter();
      out.putByte(DirectoryQuery.OK).putLong(state.epoch()).putNumber(ageMs);
      if (kind == DirectoryQuery.LOOKUP) {
        LookupQuery lookup = LookupQuery.read(in);
        in.expectEnd();
        LookupCodec.write(LookupAnswer.to(lookup, state, ageMs), out);
      } else if (kind == DirectoryQuery.DIGEST) {
        long fileId = in.readLong();
        in.expectEnd();
        Optional<PieceDigest> digest = state.digests().get(fileId);
        out.putByte(digest.isPresent() ? 1 : 0);
        digest.ifPresent(known -> DigestCodec.write(known, out));
      } else if (kind == DirectoryQuery.JOBS) {
        JobsQuery jobs = JobsQuery.read(in);
        in.expectEnd();
        JobsAnswer.write(jobs, state, out);
      } else {
        StatusQuery status = StatusQuery.read(in);
        in.expectEnd();
        StatusCodec.write(StatusAnswer.to(status, state, ageMs), out);
      }
      return out.toBytes();
    } catch (WireException e) {
      return new WireWriter().putByte(DirectoryQuery.UNREADABLE).putText(e.getMessage()).toBytes();
    }
  }

  /** How long an answer to {@code query} may wait for news; 0 if it is to be answered now. */
  static long patienceMs(byte[] query, LocatorState state) {
    try {
      WireReader in = new WireReader(query);
      boolean mayWait =
          in.readByte() == DirectoryQuery.VERSION && in.readByte() == DirectoryQuery.JOBS;
      return mayWait ? JobsAnswer.patienceMs(JobsQuery.read(in), state) : 0;
    } catch (WireException e) {
      return 0; // The answer says what is wrong with it.
    }
  }
}
