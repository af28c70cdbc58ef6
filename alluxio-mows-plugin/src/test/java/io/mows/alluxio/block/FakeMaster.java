// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.block;

import alluxio.wire.FileInfo;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** A master that knows one file, or does not answer. */
final class FakeMaster implements FileCatalog.FileInfoSource {
  final List<Long> asked = new ArrayList<>();
  FileInfo answer;

  @Override
  public synchronized FileInfo get(long fileId) throws IOException {
    asked.add(fileId);
    if (answer == null) {
      throw new IOException("the master does not answer");
    }
    return answer;
  }
}
