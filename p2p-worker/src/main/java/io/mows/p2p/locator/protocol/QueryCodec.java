// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.locator.protocol;

import io.mows.p2p.locator.LocatorStatus;
import io.mows.p2p.locator.Lookup;
import io.mows.p2p.locator.jobs.JobsView;
import io.mows.p2p.locator.wire.WireException;
import io.mows.p2p.locator.wire.WireReader;
import io.mows.p2p.locator.wire.WireWriter;
import io.mows.p2p.piece.PieceDigest;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * Questions as bytes, and what is read in the answers. An answer begins with {@link #OK}, the life
 * of the directory and the age, or with {@link #UNREADABLE} and a reason.
 */
public final class QueryCodec {
  public static final int VERSION = 1;
  public static final int LOOKUP = 1;
  public static final int STATUS = 2;
  public static final int DIGEST = 3;
  public static final int JOBS = 17;
  public static final int OK = 0;
  public static final int UNREADABLE = 1;
  private static final int MAX_REASON_BYTES = 1024;

  private QueryCodec() {}

  public static byte[] write(LookupQuery query) {
    WireWriter out = new WireWriter().putByte(VERSION).putByte(LOOKUP);
    query.write(out);
    return out.toBytes();
  }

  public static byte[] write(StatusQuery query) {
    WireWriter out = new WireWriter().putByte(VERSION).putByte(STATUS);
    query.write(out);
    return out.toBytes();
  }

  /** Asks for the proven digest of a file. */
  public static byte[] writeDigestQuery(long fileId) {
    return new WireWriter().putByte(VERSION).putByte(DIGEST).putLong(fileId).toBytes();
  }

  public static Optional<PieceDigest> readDigest(byte[] answer) throws IOException {
    WireReader in = open(answer);
    in.readLong();
    readAge(in);
    Optional<PieceDigest> digest =
        in.readByte() == 1 ? Optional.of(DigestCodec.read(in)) : Optional.empty();
    in.expectEnd();
    return digest;
  }

  public static byte[] write(JobsQuery query) {
    WireWriter out = new WireWriter().putByte(VERSION).putByte(JOBS);
    query.write(out);
    return out.toBytes();
  }

  public static List<Lookup> readLookups(byte[] answer) throws IOException {
    WireReader in = open(answer);
    List<Lookup> lookups = LookupCodec.read(in, in.readLong(), readAge(in));
    in.expectEnd();
    return lookups;
  }

  public static LocatorStatus readStatus(byte[] answer) throws IOException {
    WireReader in = open(answer);
    LocatorStatus status = StatusCodec.read(in, in.readLong(), readAge(in));
    in.expectEnd();
    return status;
  }

  /**
   * @param known what the asker knew
   */
  public static JobsView readJobs(byte[] answer, JobsView known) throws IOException {
    WireReader in = open(answer);
    long epoch = in.readLong();
    readAge(in);
    JobsView view = JobsView.read(in, epoch, known);
    in.expectEnd();
    return view;
  }

  public static long ageMs(byte[] answer) throws IOException {
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
