// SPDX-License-Identifier: Apache-2.0
package io.mows.channel.rdma;

import io.mows.channel.netty.BulkLink;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * A piece that is read into a slab. For the connection's thread, but for the fields that never
 * change.
 *
 * <p>It owns the slab until it hands it to the receiver. While its READs are under way the queue
 * pair owns the slab, too, and lets go of it with the completion of the last one or when it is
 * destroyed.
 */
final class ReadOp {
  /** A READ is not longer, so that others of the same queue pair get their turn. */
  static final int MAX_READ_BYTES = 4 << 20;

  private final long id;
  private final Slab slab;
  private final int lengthBytes;
  private final List<Verbs.Read> reads;
  private final BulkLink.Receiver receiver;
  private volatile long deadlineNs;

  ReadOp(
      long id,
      Slab slab,
      List<GrantCodec.Part> parts,
      int lengthBytes,
      BulkLink.Receiver receiver) {
    this.id = id;
    this.slab = slab;
    this.lengthBytes = lengthBytes;
    this.reads = plan(id, slab, parts, lengthBytes);
    this.receiver = receiver;
  }

  /** Only the last one is signalled: those of one queue pair complete in order. */
  private static List<Verbs.Read> plan(
      long id, Slab slab, List<GrantCodec.Part> parts, int lengthBytes) {
    List<Verbs.Read> reads = new ArrayList<>();
    int at = 0;
    for (GrantCodec.Part part : parts) {
      for (int from = 0; from < part.lengthBytes(); from += MAX_READ_BYTES) {
        int count = Math.min(MAX_READ_BYTES, part.lengthBytes() - from);
        reads.add(
            new Verbs.Read(
                id,
                slab.address() + at,
                slab.localKey(),
                part.address() + from,
                part.key(),
                count,
                at + count == lengthBytes));
        at += count;
      }
    }
    return reads;
  }

  long id() {
    return id;
  }

  int lengthBytes() {
    return lengthBytes;
  }

  List<Verbs.Read> reads() {
    return reads;
  }

  /** The queue pair may write into the slab from now on. */
  void posted(long newDeadlineNs) {
    deadlineNs = newDeadlineNs;
    slab.retain();
  }

  /** The queue pair does not write into the slab any more. */
  void settled() {
    slab.release();
  }

  boolean isOverdue(long nowNs) {
    return nowNs - deadlineNs >= 0;
  }

  /** All bytes are there: the slab is the receiver's until it gives it back. */
  void succeed() {
    receiver.arrived(
        new BulkLink.Loan() {
          @Override
          public ByteBuffer bytes() {
            return slab.bytes(lengthBytes);
          }

          @Override
          public void release() {
            slab.release();
          }
        });
  }

  void fail(String reason) {
    slab.release();
    receiver.failed(reason);
  }
}
