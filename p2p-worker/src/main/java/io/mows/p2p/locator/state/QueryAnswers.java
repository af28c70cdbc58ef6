// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.locator.state;

import io.mows.p2p.locator.protocol.DigestCodec;
import io.mows.p2p.locator.protocol.JobsQuery;
import io.mows.p2p.locator.protocol.LookupCodec;
import io.mows.p2p.locator.protocol.LookupQuery;
import io.mows.p2p.locator.protocol.QueryCodec;
import io.mows.p2p.locator.protocol.StatusCodec;
import io.mows.p2p.locator.protocol.StatusQuery;
import io.mows.p2p.locator.wire.WireException;
import io.mows.p2p.locator.wire.WireReader;
import io.mows.p2p.locator.wire.WireWriter;
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
          kind == QueryCodec.LOOKUP
              || kind == QueryCodec.STATUS
              || kind == QueryCodec.DIGEST
              || kind == QueryCodec.JOBS;
      if (version != QueryCodec.VERSION || !isKnown) {
        throw new WireException(
            "a question is of version " + version + " and kind " + kind + ": upgrade all workers");
      }
      WireWriter out = new WireWriter();
      out.putByte(QueryCodec.OK).putLong(state.epoch()).putNumber(ageMs);
      if (kind == QueryCodec.LOOKUP) {
        LookupQuery lookup = LookupQuery.read(in);
        in.expectEnd();
        LookupCodec.write(LookupAnswer.to(lookup, state, ageMs), out);
      } else if (kind == QueryCodec.DIGEST) {
        long fileId = in.readLong();
        in.expectEnd();
        Optional<PieceDigest> digest = state.digests().get(fileId);
        out.putByte(digest.isPresent() ? 1 : 0);
        digest.ifPresent(known -> DigestCodec.write(known, out));
      } else if (kind == QueryCodec.JOBS) {
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
      return new WireWriter().putByte(QueryCodec.UNREADABLE).putText(e.getMessage()).toBytes();
    }
  }

  /** How long an answer to {@code query} may wait for news; 0 if it is to be answered now. */
  static long patienceMs(byte[] query, LocatorState state) {
    try {
      WireReader in = new WireReader(query);
      boolean mayWait = in.readByte() == QueryCodec.VERSION && in.readByte() == QueryCodec.JOBS;
      return mayWait ? JobsAnswer.patienceMs(JobsQuery.read(in), state) : 0;
    } catch (WireException e) {
      return 0; // The answer says what is wrong with it.
    }
  }
}
