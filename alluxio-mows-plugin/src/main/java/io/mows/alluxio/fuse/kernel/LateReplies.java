// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.fuse.kernel;

import io.mows.alluxio.fuse.kernel.message.FuseFailure;
import io.mows.alluxio.fuse.kernel.message.Reply;
import io.mows.alluxio.metrics.FailureLines;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers to requests whose threads have not waited for them. Thread-safe. */
final class LateReplies {
  private static final Logger LOG = LoggerFactory.getLogger(LateReplies.class);

  /** They say that a file is open, or an error. */
  private static final int MAX_BODY_BYTES = 256;

  private final Kernel kernel;
  private final Reply.Owner owner;
  private final FailureLines lines;

  LateReplies(Kernel kernel, Reply.Owner owner) {
    this(kernel, owner, new FailureLines(LOG, System::nanoTime));
  }

  LateReplies(Kernel kernel, Reply.Owner owner, FailureLines lines) {
    this.kernel = kernel;
    this.owner = owner;
    this.lines = lines;
  }

  /** What is said of requests that failed. */
  FailureLines lines() {
    return lines;
  }

  /** Where replies go to. */
  interface Kernel {
    void write(ByteBuffer reply) throws IOException;
  }

  /** What is answered. */
  interface Answer {
    void to(Reply reply) throws IOException;
  }

  /**
   * Sends what {@code answer} puts into the reply, or the error that it throws.
   *
   * @param path what it is about, for the log
   */
  void send(long unique, String path, Answer answer) {
    send(new Reply(MAX_BODY_BYTES, owner), unique, path, answer);
  }

  /**
   * As {@link #send(long, String, Answer)}.
   *
   * @param reply nobody else's until this returns
   */
  void send(Reply reply, long unique, String path, Answer answer) {
    ByteBuffer bytes;
    try {
      answer.to(reply);
      bytes = reply.finish(unique);
    } catch (IOException | RuntimeException e) {
      if (FuseFailure.isUnexpected(e)) {
        lines.failed(path, "What was asked", e);
      }
      bytes = reply.status(unique, FuseFailure.errno(e).intValue());
    }
    try {
      kernel.write(bytes);
    } catch (IOException e) {
      LOG.error("What was asked of {} could not be answered", path, e);
    }
  }
}
