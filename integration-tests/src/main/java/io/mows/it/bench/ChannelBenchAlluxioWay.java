// SPDX-License-Identifier: Apache-2.0
package io.mows.it.bench;

import alluxio.AlluxioURI;
import alluxio.client.block.stream.BlockInStream;
import alluxio.client.block.stream.BlockInStream.BlockInStreamSource;
import alluxio.client.file.FileSystem;
import alluxio.client.file.FileSystemContext;
import alluxio.client.file.URIStatus;
import alluxio.client.file.options.InStreamOptions;
import alluxio.conf.AlluxioConfiguration;
import alluxio.conf.Configuration;
import alluxio.wire.BlockInfo;
import alluxio.wire.FileBlockInfo;
import io.mows.channel.memory.BlockFile;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;

/** By Alluxio's client from a worker that is not local to it: gRPC. */
final class ChannelBenchAlluxioWay implements ChannelBenchWay {
  /** As much as the client gets in one message. */
  private static final int BUFFER_BYTES = 1 << 20;

  private final ProcessHandle worker;
  private final FileSystemContext context;
  private final URIStatus status;
  private final InStreamOptions options;
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);

  /**
   * @param worker the worker's process
   * @param path the file in Alluxio
   * @throws IOException if the file cannot be found or is not all in Alluxio
   */
  ChannelBenchAlluxioWay(ProcessHandle worker, String path) throws Exception {
    this.worker = worker;
    AlluxioConfiguration configuration = Configuration.global();
    this.context = FileSystemContext.create(configuration);
    this.status = FileSystem.Factory.create(context).getStatus(new AlluxioURI(path));
    this.options = new InStreamOptions(status, configuration);
    if (status.getInAlluxioPercentage() != 100) {
      throw new IOException("Only " + status.getInAlluxioPercentage() + " % of it are in Alluxio");
    }
  }

  @Override
  public ProcessHandle sender() {
    return worker;
  }

  @Override
  public void receive(BlockFile target) throws IOException {
    for (FileBlockInfo block : status.getFileBlockInfos()) {
      receive(block, target);
    }
  }

  private void receive(FileBlockInfo block, BlockFile target) throws IOException {
    BlockInfo info = block.getBlockInfo();
    long end = block.getOffset() + info.getLength();
    try (BlockInStream in =
        BlockInStream.create(
            context,
            info,
            info.getLocations().get(0).getWorkerAddress(),
            BlockInStreamSource.REMOTE,
            options)) {
      for (long at = block.getOffset(); at < end; ) {
        buffer.clear();
        int count = in.read(buffer, 0, BUFFER_BYTES);
        if (count < 0) {
          throw new EOFException("Block " + info.getBlockId() + " ends at byte " + at);
        }
        // Where the client leaves the position differs between its readers.
        target.write(at, buffer.position(0).limit(count));
        at += count;
      }
    }
  }

  @Override
  public void close() throws IOException {
    context.close();
  }
}
