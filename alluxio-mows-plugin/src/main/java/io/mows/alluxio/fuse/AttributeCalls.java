// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.fuse;

import alluxio.exception.AlluxioException;
import alluxio.exception.FileDoesNotExistException;
import alluxio.exception.InvalidPathException;
import alluxio.exception.status.UnavailableException;
import alluxio.jnifuse.ErrorCodes;
import io.mows.alluxio.attributes.Attributes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers getxattr(2) and listxattr(2) as libfuse asks: with how long the answer is, or a negative
 * error. Thread-safe.
 */
final class AttributeCalls {
  private static final Logger LOG = LoggerFactory.getLogger(AttributeCalls.class);

  private final ModelAttributes attributes;

  AttributeCalls(ModelAttributes attributes) {
    this.attributes = attributes;
  }

  private interface Question {
    Optional<byte[]> ask() throws IOException, AlluxioException;
  }

  /**
   * @param path an Alluxio path
   * @param room where the answer goes; null or empty: how long it is is what is asked
   */
  int get(String path, String name, ByteBuffer room) {
    return answer(path, () -> attributes.value(path, name), room);
  }

  /** As {@link #get}: the names of all attributes. */
  int list(String path, ByteBuffer room) {
    return answer(path, () -> Optional.of(Attributes.joined(attributes.names(path))), room);
  }

  private static int answer(String path, Question question, ByteBuffer room) {
    try {
      Optional<byte[]> answer = question.ask();
      return answer.isPresent() ? put(answer.get(), room) : -ErrorCodes.ENODATA();
    } catch (UnavailableException e) {
      return -ErrorCodes.EAGAIN();
    } catch (FileDoesNotExistException | InvalidPathException e) {
      return -ErrorCodes.ENOENT();
    } catch (IOException | AlluxioException | RuntimeException e) {
      LOG.error("The attributes of {} cannot be told", path, e);
      return -ErrorCodes.EIO();
    }
  }

  private static int put(byte[] answer, ByteBuffer room) {
    if (room == null || room.capacity() == 0) {
      return answer.length;
    }
    if (room.capacity() < answer.length) {
      return -ErrorCodes.ERANGE();
    }
    room.duplicate().clear().put(answer);
    return answer.length;
  }
}
