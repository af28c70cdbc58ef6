// SPDX-License-Identifier: Apache-2.0
package io.mows.it.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The least that it can cost: three runs of {@code floor.c}, one after the other. */
final class FloorTransfer {
  private static final int PORT = 45_671;

  private FloorTransfer() {}

  /** Copies the blocks that one worker has to the other one, reads them, and deletes them. */
  static void measure(Pair pair, FloorProgram program, FloorTable table) throws IOException {
    List<Path> blocks = Pair.blocks(pair.has());
    double gb = BenchModels.size(blocks) / 1e9;
    Path target = pair.wants().memoryDir().resolve("floor");
    List<String> send = new ArrayList<>(List.of("send", Integer.toString(PORT)));
    blocks.forEach(block -> send.add(block.toString()));
    List<String> receive =
        List.of(
            "recv",
            pair.has().address(),
            Integer.toString(PORT),
            target.toString(),
            Long.toString(BenchModels.size(blocks)));
    List<String> read = List.of("read", target.toString());
    ProcessorTime before = ProcessorTime.now();
    long startNs = System.nanoTime();
    try (FloorProgram.Running sender = program.start(pair.has().enter(), send)) {
      sender.line();
      double received;
      try (FloorProgram.Running receiver = program.start(pair.wants().enter(), receive)) {
        received = receiver.seconds();
      }
      double sent = sender.seconds();
      double readAgain;
      try (FloorProgram.Running reader = program.start(pair.wants().enter(), read)) {
        readAgain = reader.seconds();
      }
      double passed = (System.nanoTime() - startNs) / 1e9;
      table.floor(FloorTable.MACHINE, ProcessorTime.now().busySecondsSince(before) / gb);
      table.floor(FloorTable.ALL, (sent + received + readAgain) / gb);
      table.floor(FloorTable.SENDER, sent / gb);
      table.floor(FloorTable.RECEIVER, received / gb);
      table.floor(FloorTable.READER, readAgain / gb);
      FloorTable.tell("plain C", gb, passed, sent + received + readAgain);
    } finally {
      Files.deleteIfExists(target);
    }
  }
}
