// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.fuse;

import alluxio.client.file.FileInStream;
import alluxio.grpc.OpenFilePOptions;
import alluxio.grpc.ReadPType;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;

/** How a mount reads what stock Alluxio has to read. */
final class StockReads {
  /** Not cached on the way, so that it does not come back to us. */
  static final OpenFilePOptions OPTIONS =
      OpenFilePOptions.newBuilder().setReadType(ReadPType.NO_CACHE).build();

  private StockReads() {}

  /**
   * Reads from {@code position} until {@code dst} is full or the file ends. For one thread at a
   * time.
   *
   * @return how many bytes were read, 0 at the end of the file
   * @throws EOFException if there are fewer bytes than the file has: the kernel would take that for
   *     the file's end
   */
  static int read(FileInStream in, long position, ByteBuffer dst, long lengthBytes)
      throws IOException {
    long expected = Math.max(0, Math.min(dst.remaining(), lengthBytes - position));
    in.seek(position);
    int done = 0;
    while (dst.hasRemaining()) {
      int count = in.read(dst);
      if (count < 0) {
        break;
      }
      done += count;
    }
    if (done < expected) {
      throw new EOFException(
          "The file has "
              + lengthBytes
              + " bytes, and ended at "
              + (position + done)
              + " when it was read");
    }
    return done;
  }
}
