// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.fuse.kernel;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers to requests whose threads have not waited for them. Thread-safe. */
final class LateReplies {
  private static final Logger LOG = LoggerFactory.getLogger(LateReplies.class);

  /** They say that a file is open, or that it is not. */
  private static final int MAX_BODY_BYTES = 256;

  private final Kernel kernel;
  private final Reply.Owner owner;

  LateReplies(Kernel kernel, Reply.Owner owner) {
    this.kernel = kernel;
    this.owner = owner;
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
    Reply reply = new Reply(MAX_BODY_BYTES, owner);
    ByteBuffer bytes;
    try {
      answer.to(reply);
      bytes = reply.finish(unique);
    } catch (IOException | RuntimeException e) {
      LOG.debug("{} is not opened", path, e);
      bytes = reply.status(unique, Refusal.errno(e).intValue());
    }
    try {
      kernel.write(bytes);
    } catch (IOException e) {
      LOG.error("Who opens {} could not be answered", path, e);
    }
  }
}
