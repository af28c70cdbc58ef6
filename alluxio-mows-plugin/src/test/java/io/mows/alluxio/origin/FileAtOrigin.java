// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.origin;

import alluxio.conf.Configuration;
import io.mows.channel.Remedy;
import io.mows.channel.TransferException;
import io.mows.p2p.fetch.FileSpec;
import io.mows.p2p.fetch.OriginRef;
import io.mows.p2p.piece.FileLayout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

/** A file of one block at an origin with faults, and what reads its pieces. */
final class FileAtOrigin implements AutoCloseable {
  final FileSpec file;
  final FaultyUfs ufs;
  final OriginFileSystems fileSystems;
  final OriginReader reads;

  FileAtOrigin(
      Path directory, byte[] content, int pieceBytes, int concurrency, LongSupplier nanoClock)
      throws IOException {
    Path path = Files.write(directory.resolve("model.bin"), content);
    file =
        new FileSpec(
            1,
            "/models/model.bin",
            new FileLayout(content.length, content.length, pieceBytes),
            List.of(1L),
            new OriginRef(5, FaultyUfs.uri(path), "", 0));
    ufs = FaultyUfs.register();
    fileSystems =
        new OriginFileSystems(
            id -> FaultyUfs.mount(directory, Map.of()),
            Configuration.global(),
            pieceBytes,
            concurrency);
    reads =
        new OriginReader(
            fileSystems,
            (read, failure) -> new TransferException(Remedy.RETRY, failure.getMessage()),
            pieceBytes,
            concurrency,
            nanoClock);
  }

  @Override
  public void close() {
    reads.close();
    fileSystems.close();
    ufs.close();
  }
}
