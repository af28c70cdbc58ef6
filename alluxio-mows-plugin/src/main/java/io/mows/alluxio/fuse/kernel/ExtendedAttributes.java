// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.fuse.kernel;

import alluxio.exception.AlluxioException;
import alluxio.exception.status.UnavailableException;
import io.mows.alluxio.attributes.Attributes;
import io.mows.alluxio.fuse.kernel.message.FuseFailure;
import io.mows.alluxio.fuse.kernel.message.Reply;
import io.mows.alluxio.fuse.kernel.message.Request;
import java.io.IOException;
import java.util.Optional;
import jnr.constants.platform.Errno;

/**
 * Answers getxattr(2) and listxattr(2), as far as they get through to us. Thread-safe.
 *
 * <p>Source: struct fuse_getxattr_in and fuse_getxattr_out in linux/fuse.h.
 */
final class ExtendedAttributes {
  private static final int NAME_AT = 8;

  private final MountedFiles files;

  ExtendedAttributes(MountedFiles files) {
    this.files = files;
  }

  void get(String path, Request request, Reply reply) throws IOException, AlluxioException {
    try {
      Optional<byte[]> value = files.attribute(path, request.nameAt(NAME_AT));
      if (value.isEmpty()) {
        throw new FuseFailure(Errno.ENODATA);
      }
      answer(value.get(), request.intAt(0), reply);
    } catch (UnavailableException e) {
      throw new FuseFailure(Errno.EAGAIN);
    }
  }

  void list(String path, Request request, Reply reply) throws IOException, AlluxioException {
    answer(Attributes.joined(files.attributes(path)), request.intAt(0), reply);
  }

  /**
   * @param roomBytes 0: how long it is is what is asked
   */
  private static void answer(byte[] value, int roomBytes, Reply reply) throws FuseFailure {
    if (roomBytes == 0) {
      reply.body().putInt(value.length).putInt(0);
      return;
    }
    if (value.length > roomBytes) {
      throw new FuseFailure(Errno.ERANGE);
    }
    reply.body().put(value);
  }
}
