// SPDX-License-Identifier: Apache-2.0
package io.mows.it.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Timed reads of files, as an inference server does them. All times are in nanoseconds. */
final class FileReads {
  private static final int BUFFER_BYTES = 1 << 20;
  private static final int PAGE_BYTES = 4096;

  /** Keeps the reads from being optimised away. */
  static volatile long blackhole;

  private FileReads() {}

  /** Time to read all of {@code files}, one after the other, 1 MiB at a time. */
  static long sequentialNs(List<Path> files) throws IOException {
    long start = System.nanoTime();
    ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
    for (Path file : files) {
      long expected = Files.size(file);
      long done = 0;
      try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
        buffer.clear();
        for (int n = channel.read(buffer); n >= 0; n = channel.read(buffer)) {
          done += n;
          buffer.clear();
        }
      }
      if (done != expected) {
        throw new IOException(file + " gave " + done + " bytes instead of " + expected);
      }
    }
    return System.nanoTime() - start;
  }

  /** Time until the last of {@code files}, each read by a thread of its own, is read. */
  static long concurrentNs(List<Path> files) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(files.size());
    try {
      List<Callable<Long>> tasks = new ArrayList<>();
      files.forEach(file -> tasks.add(() -> sequentialNs(List.of(file))));
      long start = System.nanoTime();
      for (Future<Long> read : threads.invokeAll(tasks)) {
        read.get();
      }
      return System.nanoTime() - start;
    } finally {
      threads.shutdown();
    }
  }

  /** Time to map each file and touch every page of it in order, as safetensors does. */
  static long mappedNs(List<Path> files) throws IOException {
    long start = System.nanoTime();
    long sum = 0;
    for (Path file : files) {
      try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
        MappedByteBuffer map = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size());
        for (int at = 0; at < map.capacity(); at += PAGE_BYTES) {
          sum += map.get(at);
        }
      }
    }
    blackhole = sum;
    return System.nanoTime() - start;
  }

  /** Time to open {@code file} and read 4 KiB at {@code offset}. */
  static long randomReadNs(Path file, long offset) throws IOException {
    long start = System.nanoTime();
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      ByteBuffer buffer = ByteBuffer.allocateDirect(PAGE_BYTES);
      while (buffer.hasRemaining()) {
        if (channel.read(buffer, offset + buffer.position()) < 0) {
          throw new IOException(file + " ends before byte " + offset);
        }
      }
    }
    return System.nanoTime() - start;
  }

  /** Makes the kernel forget what it has cached of any file but those in tmpfs. */
  static void dropPageCache() throws IOException {
    Files.writeString(Paths.get("/proc/sys/vm/drop_caches"), "1");
  }
}
