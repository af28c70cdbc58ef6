// SPDX-License-Identifier: Apache-2.0
package io.mows.p2p.locator.protocol;

import io.mows.p2p.locator.wire.WireException;
import io.mows.p2p.locator.wire.WireReader;
import io.mows.p2p.locator.wire.WireWriter;

/** What became of an entry. Immutable. */
public final class EntryReply {
  /** What the peer has to do next. */
  public enum Result {
    /** It is in the directory. */
    OK(0),
    /** The directory does not know what came before: announce everything. */
    FULL_NEEDED(1),
    /** A younger process announces under this id: this one must stop. */
    REPLACED(2),
    /** The directory is full; some or all of it was left out. */
    LIMITED(3),
    /** The entry could not be read. */
    UNREADABLE(4);

    private final int code;

    Result(int code) {
      this.code = code;
    }

    static Result fromCode(int code) throws WireException {
      for (Result result : values()) {
        if (result.code == code) {
          return result;
        }
      }
      throw new WireException("a result is of unknown kind " + code);
    }
  }

  private final Result result;
  private final long epoch;
  private final int peers;

  public EntryReply(Result result, long epoch, int peers) {
    this.result = result;
    this.epoch = epoch;
    this.peers = peers;
  }

  public Result result() {
    return result;
  }

  /** Which life of the directory answers: another number means that it started empty. */
  public long epoch() {
    return epoch;
  }

  /** How many workers live. */
  public int peers() {
    return peers;
  }

  public byte[] toBytes() {
    return new WireWriter().putByte(result.code).putLong(epoch).putNumber(peers).toBytes();
  }

  public static EntryReply read(byte[] bytes) throws WireException {
    WireReader in = new WireReader(bytes);
    EntryReply reply =
        new EntryReply(
            Result.fromCode(in.readByte()),
            in.readLong(),
            (int) in.readNumber(Integer.MAX_VALUE, "the number of workers"));
    in.expectEnd();
    return reply;
  }
}
