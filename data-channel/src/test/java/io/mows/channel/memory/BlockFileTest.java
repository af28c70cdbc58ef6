// SPDX-License-Identifier: Apache-2.0
package io.mows.channel.memory;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class BlockFileTest {
  @TempDir private Path directory;

  @Test
  void shouldReadBackWhatWasWrittenInAnyOrder() throws IOException {
    long seed = System.nanoTime();
    System.out.println("seed " + seed);
    byte[] content = bytes(seed, 10_007);
    Path path = emptyFile();
    try (BlockFile file = BlockFile.openForWrite(path, content.length)) {
      file.write(6_000, ByteBuffer.wrap(content, 6_000, 4_007));
      file.write(0, ByteBuffer.wrap(content, 0, 1));
      ByteBuffer direct = ByteBuffer.allocateDirect(5_999).put(content, 1, 5_999).flip();
      file.write(1, direct);

      assertEquals(0, direct.remaining(), "all of it is written");
      Random random = new Random(seed);
      for (int i = 0; i < 200; i++) {
        int from = random.nextInt(content.length);
        int count = random.nextInt(content.length - from + 1);
        assertArrayEquals(Arrays.copyOfRange(content, from, from + count), read(file, from, count));
      }
    }
    assertArrayEquals(content, Files.readAllBytes(path));
  }

  @Test
  void shouldLearnTheLengthOfACompleteFile() throws IOException {
    byte[] content = bytes(1, 123);
    Path path = Files.write(directory.resolve("complete"), content);
    try (BlockFile file = BlockFile.openForRead(path)) {
      assertEquals(123, file.lengthBytes());
      assertArrayEquals(content, read(file, 0, 123));
    }
  }

  @Test
  void shouldKeepToItsPartOfTheBuffer() throws IOException {
    Path path = Files.write(directory.resolve("complete"), new byte[] {1, 2, 3, 4});
    try (BlockFile file = BlockFile.openForRead(path)) {
      ByteBuffer dst = ByteBuffer.allocate(6).position(2).limit(4);
      file.read(1, dst);
      assertArrayEquals(new byte[] {0, 0, 2, 3, 0, 0}, dst.array());
      assertEquals(4, dst.position());
    }
  }

  @Test
  void shouldRefuseBytesOutsideTheBlock() throws IOException {
    try (BlockFile file = BlockFile.openForWrite(emptyFile(), 10)) {
      for (long position : new long[] {-1, 10, 11, Long.MAX_VALUE, Long.MIN_VALUE}) {
        assertThrows(
            IndexOutOfBoundsException.class, () -> file.write(position, ByteBuffer.allocate(1)));
        assertThrows(
            IndexOutOfBoundsException.class, () -> file.read(position, ByteBuffer.allocate(1)));
      }
      assertThrows(IndexOutOfBoundsException.class, () -> file.write(9, ByteBuffer.allocate(2)));
      file.write(10, ByteBuffer.allocate(0));
    }
  }

  @Test
  void shouldSayWhenTheFileIsShorterThanTheBlock() throws IOException {
    Path path = Files.write(directory.resolve("short"), new byte[] {1, 2, 3});
    try (BlockFile file = BlockFile.openForWrite(path, 10)) {
      EOFException failure =
          assertThrows(EOFException.class, () -> file.read(1, ByteBuffer.allocate(5)));
      assertTrue(failure.getMessage().contains("byte 3 of 10"), failure.getMessage());
    }
  }

  @Test
  void shouldNotCreateFiles() {
    Path missing = directory.resolve("missing");
    assertThrows(NoSuchFileException.class, () -> BlockFile.openForRead(missing));
    assertThrows(NoSuchFileException.class, () -> BlockFile.openForWrite(missing, 1));
  }

  @Test
  void shouldRefuseEverythingOnceItIsClosed() throws IOException {
    BlockFile file = BlockFile.openForWrite(emptyFile(), 10);
    file.write(0, ByteBuffer.allocate(10));
    file.close();
    file.close();
    assertThrows(ClosedChannelException.class, () -> file.read(0, ByteBuffer.allocate(1)));
    assertThrows(ClosedChannelException.class, () -> file.write(0, ByteBuffer.allocate(1)));
  }

  @Test
  void shouldReadADeletedFileUntilItIsClosed() throws IOException {
    Path path = Files.write(directory.resolve("evicted"), new byte[] {1, 2, 3});
    try (BlockFile file = BlockFile.openForRead(path)) {
      Files.delete(path);
      assertArrayEquals(new byte[] {1, 2, 3}, read(file, 0, 3));
    }
  }

  @Test
  void shouldServeManyThreadsAtOnceUntilItIsClosedUnderThem() throws Exception {
    byte[] content = bytes(3, 1 << 16);
    Path path = Files.write(directory.resolve("busy"), content);
    BlockFile file = BlockFile.openForRead(path);
    ExecutorService threads = Executors.newFixedThreadPool(8);
    CompletableFuture<Void> warm = new CompletableFuture<>();
    List<Future<Boolean>> readers = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      Random random = new Random(i);
      readers.add(threads.submit(() -> readUntilClosed(file, content, random, warm)));
    }
    warm.get(10, TimeUnit.SECONDS);
    file.close();
    for (Future<Boolean> reader : readers) {
      assertTrue(reader.get(10, TimeUnit.SECONDS));
    }
    threads.shutdownNow();
  }

  private static boolean readUntilClosed(
      BlockFile file, byte[] content, Random random, CompletableFuture<Void> warm)
      throws IOException {
    for (int i = 0; ; i++) {
      int from = random.nextInt(content.length - 100);
      try {
        assertArrayEquals(Arrays.copyOfRange(content, from, from + 100), read(file, from, 100));
      } catch (ClosedChannelException e) {
        return true;
      }
      if (i == 100) {
        warm.complete(null);
      }
    }
  }

  /** One reader that is cancelled must not take the block away from all others. */
  @Test
  void shouldStayOpenWhenAThreadThatUsesItIsInterrupted() throws Exception {
    byte[] content = bytes(4, 1 << 16);
    Path path = Files.write(directory.resolve("shared"), content);
    try (BlockFile file = BlockFile.openForRead(path)) {
      AtomicBoolean stop = new AtomicBoolean();
      CompletableFuture<Void> bystander =
          CompletableFuture.runAsync(
              () -> {
                while (!stop.get()) {
                  try {
                    assertArrayEquals(content, read(file, 0, content.length));
                  } catch (IOException e) {
                    throw new AssertionError("the bystander was disturbed", e);
                  }
                }
              });
      for (int i = 0; i < 200; i++) {
        FutureTask<Boolean> task = new FutureTask<>(() -> readUntilInterrupted(file, content));
        Thread reader = new Thread(task);
        reader.start();
        reader.interrupt();
        assertTrue(task.get(10, TimeUnit.SECONDS), "the interrupted reader ends");
      }
      stop.set(true);
      bystander.get(10, TimeUnit.SECONDS);
      assertArrayEquals(content, read(file, 0, content.length));
    }
  }

  private static boolean readUntilInterrupted(BlockFile file, byte[] content) throws IOException {
    while (true) {
      try {
        assertArrayEquals(content, read(file, 0, content.length));
      } catch (ClosedByInterruptException e) {
        return Thread.currentThread().isInterrupted();
      }
    }
  }

  private static byte[] read(BlockFile file, long position, int count) throws IOException {
    ByteBuffer dst = ByteBuffer.allocate(count);
    file.read(position, dst);
    return dst.array();
  }

  private Path emptyFile() throws IOException {
    return Files.createFile(directory.resolve("block"));
  }

  private static byte[] bytes(long seed, int count) {
    byte[] bytes = new byte[count];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }
}
