// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.fuse.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mows.alluxio.fuse.kernel.message.FuseInit;
import io.mows.alluxio.fuse.kernel.message.Reply;
import io.mows.alluxio.metrics.FailureLines;
import io.mows.alluxio.metrics.RecordedLog;
import io.mows.channel.memory.BlockFile;
import io.mows.p2p.fetch.Arrival;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import jnr.constants.platform.Errno;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class KernelRequestsTest {
  private static final int LOOKUP = 1;
  private static final int FORGET = 2;
  private static final int GETATTR = 3;
  private static final int OPEN = 14;
  private static final int READ = 15;
  private static final int STATFS = 17;
  private static final int RELEASE = 18;
  private static final int INIT = 26;
  private static final int OPENDIR = 27;
  private static final int READDIR = 28;
  private static final int RELEASEDIR = 29;
  private static final int INTERRUPT = 36;
  private static final int BATCH_FORGET = 42;
  private static final int READDIRPLUS = 44;
  private static final int KEEP_CACHE = 2;
  private static final int PASSTHROUGH = 1 << 7;
  private static final int O_RDWR = 2;
  private static final int O_NONBLOCK = 04000;
  private static final int MAX_BLOCKS = 3;

  @TempDir private Path dir;
  private final FakeMountedFiles files = new FakeMountedFiles();
  private final FakeKernel kernel = new FakeKernel();
  private final FuseInit init = new FuseInit(true);
  private final AtomicLong nowNs = new AtomicLong();
  private final Passthrough passthrough = new Passthrough(kernel, init, MAX_BLOCKS, nowNs::get);
  private final FakeSink sink = new FakeSink();
  private final Notifications notifications = new Notifications(sink);
  private final Reply.Owner owner = new Reply.Owner(11, 22, 1_500, 600_000);
  private final BlockingQueue<ByteBuffer> late = new LinkedBlockingQueue<>();
  private final RecordedLog log = new RecordedLog();
  private final KernelRequests requests =
      new KernelRequests(
          files,
          owner,
          false,
          init,
          passthrough,
          notifications,
          3_600_000,
          new LateReplies(late::add, owner, new FailureLines(log.logger(), System::nanoTime)));
  private final Reply reply = requests.newReply();

  @AfterEach
  void end() {
    requests.stopWaiting();
    notifications.close();
  }

  private static final class FakeKernel implements Passthrough.Kernel {
    private final List<Integer> open = new ArrayList<>();
    private boolean refuses;
    private boolean hasTooMany;
    private boolean findsNothing;

    @Override
    public int openBacking(Path file) throws IOException {
      if (findsNothing) {
        throw new NoSuchFileException(file.toString());
      }
      if (refuses) {
        throw new Passthrough.RefusedException("not permitted");
      }
      if (hasTooMany) {
        throw new IOException("Cannot open " + file + ": Too many open files (EMFILE)");
      }
      open.add(41 + open.size());
      return open.get(open.size() - 1);
    }

    @Override
    public void closeBacking(int backing) {
      assertTrue(open.remove((Integer) backing), "never opened");
    }
  }

  private ByteBuffer body(RequestBytes request) {
    ByteBuffer out = answer(request);
    assertEquals(0, out.getInt(out.position() + 4), "an error");
    return out.position(out.position() + 16).slice().order(ByteOrder.nativeOrder());
  }

  private ByteBuffer answer(RequestBytes request) {
    ByteBuffer out = requests.answer(request.request(), reply).orElseThrow();
    assertEquals(out.remaining(), out.getInt(out.position()));
    assertEquals(RequestBytes.UNIQUE, out.getLong(out.position() + 8));
    return out;
  }

  private Errno error(RequestBytes request) {
    return error(answer(request));
  }

  private static Errno error(ByteBuffer out) {
    assertEquals(16, out.remaining());
    return Errno.valueOf(-out.getInt(out.position() + 4));
  }

  private ByteBuffer lateAnswer() throws InterruptedException {
    return late.poll(60, TimeUnit.SECONDS);
  }

  private long lookUp(long parent, String name) {
    return body(RequestBytes.of(LOOKUP, parent).name(name)).getLong(0);
  }

  private void agreeOnPassthrough() {
    int more = 1 << 30;
    body(RequestBytes.of(INIT, 0).ints(7, 45, 131_072, more, 1 << 5));
  }

  private ByteBuffer open(long node) {
    return body(RequestBytes.of(OPEN, node).ints(0, 0));
  }

  /** A file of one block that is not in memory yet. */
  private long arriving() throws IOException {
    agreeOnPassthrough();
    files.put("/w", 6, false, 10);
    files.arriving.put("/w", new FakeArrival());
    return lookUp(1, "w");
  }

  private void arrived() throws IOException {
    Path block = Files.write(dir.resolve("block"), new byte[10]);
    files.inMemory.put("/w", BlockFile.openForRead(block));
    files.arriving.get("/w").state = Arrival.State.WHOLE;
  }

  @Test
  void shouldAnswerAnOpenWhenTheFileIsWhole() throws Exception {
    long node = arriving();
    assertTrue(requests.answer(RequestBytes.of(OPEN, node).ints(0, 0).request(), reply).isEmpty());
    assertEquals(null, late.poll());
    arrived();
    ByteBuffer out = lateAnswer();
    assertEquals(0, out.getInt(out.position() + 4));
    assertEquals(RequestBytes.UNIQUE, out.getLong(out.position() + 8));
    assertEquals(PASSTHROUGH, out.getInt(out.position() + 24));
    assertEquals(41, out.getInt(out.position() + 28));
    body(RequestBytes.of(RELEASE, node).longs(out.getLong(out.position() + 16)));
    assertEquals(0, files.openFiles);
  }

  @Test
  void shouldAnswerAnOpenThatIsInterruptedAtOnce() throws Exception {
    long node = arriving();
    assertTrue(requests.answer(RequestBytes.of(OPEN, node).ints(0, 0).request(), reply).isEmpty());
    RequestBytes interrupt = RequestBytes.of(INTERRUPT, 0).longs(RequestBytes.UNIQUE);
    assertTrue(requests.answer(interrupt.request(), reply).isEmpty());
    assertEquals(Errno.EINTR, error(lateAnswer()));
    assertEquals(0, files.openFiles);
    arrived();
    assertEquals(PASSTHROUGH, open(node).getInt(8), "the next one");
  }

  /** A file that is open, and whose bytes come when {@code arrival} is done. */
  private RequestBytes readOfLate(CompletableFuture<Void> arrival) {
    files.put("/w", 6, false, 10);
    files.late.put("/w", arrival);
    long handle = open(lookUp(1, "w")).getLong(0);
    return RequestBytes.of(READ, 1).longs(handle, 3).ints(4096);
  }

  private void assertWaits(RequestBytes read) {
    assertTrue(requests.answer(read.request(), reply).isEmpty());
    assertEquals(1, files.waitingReads);
  }

  @Test
  void shouldAnswerAReadWhenItsBytesHaveCome() throws Exception {
    CompletableFuture<Void> arrival = new CompletableFuture<>();
    RequestBytes read = readOfLate(arrival);
    assertWaits(read);
    assertTrue(late.isEmpty());
    arrival.complete(null);
    ByteBuffer answer = lateAnswer();
    assertEquals(16 + 7, answer.remaining());
    assertEquals(3, answer.get(answer.position() + 16));
    ByteBuffer body = body(read);
    assertEquals(7, body.remaining(), "the next one does not wait");
    assertEquals(0, files.waitingReads);
  }

  @Test
  void shouldAnswerAReadWhoseBytesWillNotCome() throws Exception {
    CompletableFuture<Void> arrival = new CompletableFuture<>();
    assertWaits(readOfLate(arrival));
    arrival.completeExceptionally(new IOException("it is no longer at the origin"));
    assertEquals(Errno.EIO, error(lateAnswer()));
  }

  @Test
  void shouldAnswerAReadThatIsInterruptedAtOnce() throws Exception {
    CompletableFuture<Void> arrival = new CompletableFuture<>();
    assertWaits(readOfLate(arrival));
    RequestBytes interrupt = RequestBytes.of(INTERRUPT, 0).longs(RequestBytes.UNIQUE);
    assertTrue(requests.answer(interrupt.request(), reply).isEmpty());
    assertEquals(Errno.EINTR, error(lateAnswer()));
    assertEquals(0, files.waitingReads);
    arrival.complete(null);
    requests.stopWaiting();
    assertTrue(late.isEmpty(), "one answer is enough");
  }

  /** Another thread has the interrupt before the read has begun to wait. */
  @Test
  void shouldNotLetAReadWaitThatWasInterruptedBefore() throws Exception {
    RequestBytes read = readOfLate(new CompletableFuture<>());
    RequestBytes interrupt = RequestBytes.of(INTERRUPT, 0).longs(RequestBytes.UNIQUE);
    assertTrue(requests.answer(interrupt.request(), reply).isEmpty());
    assertEquals(Errno.EINTR, error(read));
    assertEquals(0, files.waitingReads);
  }

  @Test
  void shouldAnswerReadsThatWaitWhenTheMountEnds() throws Exception {
    RequestBytes read = readOfLate(new CompletableFuture<>());
    assertWaits(read);
    requests.stopWaiting();
    assertEquals(Errno.EIO, error(lateAnswer()));
    assertEquals(Errno.EIO, error(read), "nobody waits any more");
    assertEquals(0, files.waitingReads);
  }

  @Test
  void shouldNotLetAnOpenWaitThatMustNotBlockOrCouldNotBePassedThrough() throws Exception {
    long node = arriving();
    assertEquals(KEEP_CACHE, body(RequestBytes.of(OPEN, node).ints(O_NONBLOCK, 0)).getInt(8));
    assertEquals(KEEP_CACHE, open(node).getInt(8), "one is open that the kernel asks us for");
  }

  @Test
  void shouldAgreeOnWhatTheKernelOffersAndNoMore() {
    ByteBuffer out = body(RequestBytes.of(INIT, 0).ints(7, 45, 131_072, 1 | 1 << 30, 0));
    assertEquals(64, out.remaining());
    assertEquals(7, out.getInt(0));
    assertEquals(131_072, out.getInt(8));
    assertEquals(1 | 1 << 30, out.getInt(12));
    assertEquals(0, out.getInt(36), "nothing lies below it");
    assertEquals(false, init.passesThrough());
    agreeOnPassthrough();
    assertEquals(true, init.passesThrough());
  }

  @Test
  void shouldRefuseAKernelOfAnotherKind() {
    assertEquals(Errno.EIO, error(RequestBytes.of(INIT, 0).ints(8, 0, 0, 0, 0)));
  }

  @Test
  void shouldNumberTheRootAndTheFirstDirectoriesDifferently() {
    files.put("/first", 1, true, 0);
    files.put("/second", 2, true, 0);
    List<Long> numbers = new ArrayList<>();
    for (long node : List.of(1L, lookUp(1, "first"), lookUp(1, "second"))) {
      numbers.add(body(RequestBytes.of(GETATTR, node)).getLong(16));
    }
    assertEquals(3, Set.copyOf(numbers).size(), () -> numbers.toString());
    assertEquals(false, numbers.contains(0L), "which stands for a deleted entry");
  }

  @Test
  void shouldTellWhatAFileIs() {
    files.put("/m", 5, true, 0);
    files.put("/m/w", 6, false, 1_000);
    long node = lookUp(lookUp(1, "m"), "w");
    ByteBuffer entry = body(RequestBytes.of(LOOKUP, lookUp(1, "m")).name("w"));
    assertEquals(128, entry.remaining());
    assertEquals(node, entry.getLong(0));
    assertEquals(1, entry.getLong(16), "seconds");
    assertEquals(500_000_000, entry.getInt(32), "and the rest");
    ByteBuffer out = body(RequestBytes.of(GETATTR, node));
    assertEquals(104, out.remaining());
    assertEquals(600, out.getLong(0));
    assertEquals(7, out.getLong(16));
    assertEquals(1_000, out.getLong(24));
    assertEquals(2, out.getLong(32), "sectors");
    assertEquals(1_234, out.getLong(48));
    assertEquals(567_000_000, out.getInt(68));
    assertEquals(0100644, out.getInt(76));
    assertEquals(11, out.getInt(84));
    assertEquals(22, out.getInt(88));
    assertEquals(040755, body(RequestBytes.of(GETATTR, 1)).getInt(76));
  }

  @Test
  void shouldNotHaveTheKernelBelieveForLongerWhatWasSaidAMomentAgo() {
    files.put("/w", 6, false, 1_000);
    files.ageMs = 700;
    ByteBuffer entry = body(RequestBytes.of(LOOKUP, 1).name("w"));
    assertEquals(0, entry.getLong(16), "the name, 1,500 ms less 700");
    assertEquals(800_000_000, entry.getInt(32));
    assertEquals(599, entry.getLong(24), "the attributes, 600 s less 700 ms");
    assertEquals(300_000_000, entry.getInt(36));
    ByteBuffer out = body(RequestBytes.of(GETATTR, entry.getLong(0)));
    assertEquals(599, out.getLong(0));
    assertEquals(300_000_000, out.getInt(8));
    files.ageMs = 1_000_000;
    entry = body(RequestBytes.of(LOOKUP, 1).name("w"));
    assertEquals(0, entry.getLong(16));
    assertEquals(0, entry.getInt(32), "not less than nothing");
    assertEquals(0, entry.getLong(24));
    assertEquals(0, entry.getInt(36));
  }

  @Test
  void shouldSayWhatIsNotThere() {
    assertEquals(Errno.ENOENT, error(RequestBytes.of(LOOKUP, 1).name("m")));
    assertEquals(Errno.ESTALE, error(RequestBytes.of(GETATTR, 4711)));
    assertEquals(Errno.EBADF, error(RequestBytes.of(READ, 1).longs(4711, 0).ints(10)));
    assertEquals(Errno.EBADF, error(RequestBytes.of(READDIR, 1).longs(4711, 0).ints(10)));
  }

  @Test
  void shouldMakeAnotherInodeOfAFileThatWasReplaced() {
    files.put("/w", 6, false, 10);
    long old = lookUp(1, "w");
    files.put("/w", 7, false, 20);
    assertEquals(Errno.ESTALE, error(RequestBytes.of(GETATTR, old)));
    assertEquals(Errno.ESTALE, error(RequestBytes.of(OPEN, old).ints(0, 0)));
    assertEquals(0, files.openFiles);
    long fresh = lookUp(1, "w");
    assertNotEquals(old, fresh);
    assertEquals(20, body(RequestBytes.of(GETATTR, fresh)).getLong(24));
  }

  @Test
  void shouldMakeAnotherInodeOfAFileWhoseBytesWereWrong() {
    files.put("/w", 6, false, 10);
    long old = lookUp(1, "w");
    long handle = open(old).getLong(0);
    files.drop(6);
    assertEquals(Errno.EIO, error(RequestBytes.of(READ, 0).longs(handle, 0).ints(10)));
    assertEquals(Errno.ESTALE, error(RequestBytes.of(OPEN, old).ints(0, 0)));
    assertEquals(1, files.openFiles);
    long fresh = lookUp(1, "w");
    assertNotEquals(old, fresh);
    open(fresh);
  }

  @Test
  void shouldReadWhatIsAskedForAndNoMoreThanThereIs() {
    files.put("/w", 6, false, 100);
    ByteBuffer opened = open(lookUp(1, "w"));
    assertEquals(KEEP_CACHE, opened.getInt(8));
    long handle = opened.getLong(0);
    ByteBuffer out = body(RequestBytes.of(READ, 0).longs(handle, 90).ints(50));
    assertEquals(10, out.remaining());
    assertEquals(90, out.get(0));
    assertEquals(0, body(RequestBytes.of(READ, 0).longs(handle, 100).ints(50)).remaining());
    body(RequestBytes.of(RELEASE, 0).longs(handle));
    assertEquals(0, files.openFiles);
    assertEquals(Errno.EBADF, error(RequestBytes.of(READ, 0).longs(handle, 0).ints(50)));
  }

  @Test
  void shouldNotOpenWhatIsWrongNorForWriting() {
    files.put("/a.wrong", 6, false, 10);
    long node = lookUp(1, "a.wrong");
    assertEquals(Errno.EIO, error(RequestBytes.of(OPEN, node).ints(0, 0)));
    assertEquals(Errno.EROFS, error(RequestBytes.of(OPEN, node).ints(O_RDWR, 0)));
  }

  @Test
  void shouldNameTheFileOnceHoweverOftenItFails() {
    for (int i = 0; i < 3; i++) {
      files.put("/" + i + ".wrong", 6 + i, false, 10);
      long node = lookUp(1, i + ".wrong");
      for (int again = 0; again < 100; again++) {
        assertEquals(Errno.EIO, error(RequestBytes.of(OPEN, node).ints(0, 0)));
      }
    }
    assertEquals(3, log.lines().size(), () -> log.lines().toString());
    for (int i = 0; i < 3; i++) {
      String line = log.lines().get(i);
      assertTrue(line.startsWith("ERROR A OPEN of /" + i + ".wrong failed: "), line);
      assertTrue(line.contains("it is not what its manifest says"), line);
    }
    assertEquals(List.of(), log.traces());
  }

  @ParameterizedTest
  @ValueSource(ints = {4, 6, 8, 9, 10, 11, 12, 13, 16, 21, 24, 35, 43, 45})
  void shouldRefuseEveryChange(int opcode) {
    assertEquals(Errno.EROFS, error(RequestBytes.of(opcode, 1)));
  }

  @ParameterizedTest
  @ValueSource(ints = {5, 20, 25, 31, 34, 46, 52, 4711})
  void shouldLeaveToTheKernelWhatItDoesNotKnow(int opcode) {
    assertEquals(Errno.ENOSYS, error(RequestBytes.of(opcode, 1)));
  }

  @Test
  void shouldForgetWithoutAWord() {
    files.put("/a", 6, false, 10);
    files.put("/b", 7, false, 10);
    long a = lookUp(1, "a");
    long b = lookUp(1, "b");
    assertEquals(
        Optional.empty(), requests.answer(RequestBytes.of(FORGET, a).longs(1).request(), reply));
    assertEquals(Errno.ESTALE, error(RequestBytes.of(GETATTR, a)));
    assertEquals(
        Optional.empty(),
        requests.answer(RequestBytes.of(BATCH_FORGET, 0).ints(1, 0).longs(b, 1).request(), reply));
    assertEquals(Errno.ESTALE, error(RequestBytes.of(GETATTR, b)));
  }

  @Test
  void shouldListADirectoryPartByPart() {
    for (int i = 0; i < 20; i++) {
      files.put("/file-" + i, 100 + i, false, 10);
    }
    long handle = body(RequestBytes.of(OPENDIR, 1)).getLong(0);
    List<String> names = new ArrayList<>();
    long from = 0;
    ByteBuffer part = body(RequestBytes.of(READDIR, 1).longs(handle, from).ints(200));
    while (part.hasRemaining()) {
      assertTrue(part.remaining() <= 200);
      while (part.hasRemaining()) {
        from = entry(part, names);
      }
      part = body(RequestBytes.of(READDIR, 1).longs(handle, from).ints(200));
    }
    assertEquals(22, names.size());
    assertEquals(List.of(".", "..", "file-0", "file-1", "file-10"), names.subList(0, 5));
    body(RequestBytes.of(RELEASEDIR, 1).longs(handle));
    assertEquals(Errno.EBADF, error(RequestBytes.of(READDIR, 1).longs(handle, 0).ints(200)));
  }

  /** Reads a struct fuse_dirent; returns where to go on after it. */
  private static long entry(ByteBuffer part, List<String> names) {
    assertNotEquals(0, part.getLong(), "an entry with this number is deleted");
    long next = part.getLong();
    byte[] name = new byte[part.getInt()];
    part.getInt();
    part.get(name);
    names.add(new String(name, StandardCharsets.UTF_8));
    part.position((part.position() + 7) & ~7);
    return next;
  }

  @Test
  void shouldLookUpWhatItListsWithItsAttributes() {
    files.put("/file", 100, false, 10);
    long handle = body(RequestBytes.of(OPENDIR, 1)).getLong(0);
    ByteBuffer part = body(RequestBytes.of(READDIRPLUS, 1).longs(handle, 0).ints(4096));
    List<Long> nodes = new ArrayList<>();
    List<String> names = new ArrayList<>();
    while (part.hasRemaining()) {
      nodes.add(part.getLong(part.position()));
      part.position(part.position() + 128);
      entry(part, names);
    }
    assertEquals(List.of(".", "..", "file"), names);
    assertEquals(0, nodes.get(0), "the kernel knows it");
    assertEquals(10, body(RequestBytes.of(GETATTR, nodes.get(2))).getLong(24));
  }

  @Test
  void shouldSayHowMuchThereIsRoomFor() {
    ByteBuffer out = body(RequestBytes.of(STATFS, 1));
    assertEquals(80, out.remaining());
    assertEquals((1 << 30) / 4096, out.getLong(0));
    assertEquals(4096, out.getInt(40));
  }

  private long inMemory(String path) throws IOException {
    return inMemory(path, 6);
  }

  private long inMemory(String path, long fileId) throws IOException {
    files.put(path, fileId, false, 10);
    Path block = Files.write(dir.resolve("block"), new byte[10]);
    files.inMemory.put(path, BlockFile.openForRead(block));
    return lookUp(1, path.substring(1));
  }

  @Test
  void shouldHandTheKernelWhatIsInMemoryUntilItForgetsIt() throws Exception {
    agreeOnPassthrough();
    long node = inMemory("/w");
    ByteBuffer first = open(node);
    assertEquals(PASSTHROUGH, first.getInt(8));
    assertEquals(41, first.getInt(12));
    long firstHandle = first.getLong(0);
    ByteBuffer second = open(node);
    assertEquals(41, second.getInt(12));
    long secondHandle = second.getLong(0);
    body(RequestBytes.of(RELEASE, node).longs(firstHandle));
    assertEquals(1, files.leases);
    assertEquals(2, files.passedThrough);
    assertEquals(0, sink.waiting());
    body(RequestBytes.of(RELEASE, node).longs(secondHandle));
    assertEquals(List.of(), kernel.open);
    assertEquals(0, files.openFiles);
    assertEquals(1, files.leases, "it may be mapped");
    assertEquals("name w in 1", sink.next());
    forget(node, 1);
    assertEquals(0, files.leases);
  }

  private void forget(long node, long lookUps) {
    assertTrue(
        requests.answer(RequestBytes.of(FORGET, node).longs(lookUps).request(), reply).isEmpty());
  }

  @Test
  void shouldKeepTheBlockOfAMappedFileThatIsLookedUpAndOpenedAgain() throws Exception {
    agreeOnPassthrough();
    long node = inMemory("/w");
    body(RequestBytes.of(RELEASE, node).longs(open(node).getLong(0)));
    assertEquals("name w in 1", sink.next());
    assertEquals(node, lookUp(1, "w"), "the same inode");
    assertEquals("name w in 1", sink.next(), "or the kernel would not forget it");
    ByteBuffer again = open(node);
    assertEquals(PASSTHROUGH, again.getInt(8));
    body(RequestBytes.of(RELEASE, node).longs(again.getLong(0)));
    assertEquals("name w in 1", sink.next());
    forget(node, 1);
    assertEquals(1, files.leases, "it was told of it twice");
    assertTrue(
        requests
            .answer(RequestBytes.of(BATCH_FORGET, 0).ints(1, 0).longs(node, 1).request(), reply)
            .isEmpty());
    assertEquals(0, files.leases);
  }

  @Test
  void shouldLeaveASmallFileToThePageCacheAndItsNameToTheKernel() throws Exception {
    long node = arriving();
    files.small.add("/w");
    for (int i = 0; i < 2; i++) {
      ByteBuffer opened = open(node);
      assertEquals(KEEP_CACHE, opened.getInt(8), "it neither waits nor is handed over");
      body(RequestBytes.of(RELEASE, node).longs(opened.getLong(0)));
      arrived();
    }
    assertEquals(0, files.leases);
    assertEquals(0, files.passedThrough);
    assertTrue(notifications.awaitEnd());
    assertEquals(0, sink.waiting());
  }

  @Test
  void shouldNotTroubleTheKernelWithWhatItDoesNotReadItself() {
    agreeOnPassthrough();
    files.put("/w", 6, false, 100);
    long node = lookUp(1, "w");
    body(RequestBytes.of(RELEASE, node).longs(open(node).getLong(0)));
    lookUp(1, "w");
    assertTrue(notifications.awaitEnd());
    assertEquals(0, sink.waiting());
  }

  @Test
  void shouldReadItselfWhereTheKernelCannot() throws IOException {
    long node = inMemory("/w");
    assertEquals(KEEP_CACHE, open(node).getInt(8));
    assertEquals(0, files.leases);
    assertEquals(0, files.passedThrough);
  }

  /** Opens and closes the file. */
  private void assertReadsItself(long node) {
    ByteBuffer opened = open(node);
    assertEquals(KEEP_CACHE, opened.getInt(8));
    assertEquals(0, files.leases);
    body(RequestBytes.of(RELEASE, node).longs(opened.getLong(0)));
  }

  @Test
  void shouldReadItselfOnceTheKernelHasRefused() throws IOException {
    agreeOnPassthrough();
    kernel.refuses = true;
    long node = inMemory("/w");
    assertReadsItself(node);
    kernel.refuses = false;
    assertEquals(KEEP_CACHE, open(node).getInt(8));
  }

  @Test
  void shouldTryAgainLaterWhatTheKernelHasRefused() throws IOException {
    agreeOnPassthrough();
    kernel.refuses = true;
    long node = inMemory("/w");
    assertReadsItself(node);
    kernel.refuses = false;
    nowNs.addAndGet(Passthrough.TRY_AGAIN_NS);
    assertEquals(PASSTHROUGH, open(node).getInt(8));
  }

  @Test
  void shouldTryAgainAfterThereWereTooManyOpenFiles() throws IOException {
    agreeOnPassthrough();
    kernel.hasTooMany = true;
    long node = inMemory("/w");
    assertReadsItself(node);
    kernel.hasTooMany = false;
    assertEquals(PASSTHROUGH, open(node).getInt(8));
  }

  @Test
  void shouldTellWhatTheKernelNeverTakesFromWhatItDoesNotTakeNow() {
    for (Errno now : List.of(Errno.EMFILE, Errno.ENFILE, Errno.ENOMEM, Errno.ENOENT, Errno.EIO)) {
      assertFalse(FuseDevice.isForGood(now), now::name);
    }
    for (Errno never : List.of(Errno.EPERM, Errno.EOPNOTSUPP, Errno.ELOOP, Errno.ENOTTY)) {
      assertTrue(FuseDevice.isForGood(never), never::name);
    }
  }

  @Test
  void shouldHandOverNoMoreBlocksThanTheStoreCanLock() throws IOException {
    agreeOnPassthrough();
    List<Long> nodes = new ArrayList<>();
    for (int i = 0; i < MAX_BLOCKS; i++) {
      nodes.add(inMemory("/w" + i, 6 + i));
      ByteBuffer opened = open(nodes.get(i));
      assertEquals(PASSTHROUGH, opened.getInt(8));
      body(RequestBytes.of(RELEASE, nodes.get(i)).longs(opened.getLong(0)));
    }
    long oneMore = inMemory("/more", 100);
    ByteBuffer streamed = open(oneMore);
    assertEquals(KEEP_CACHE, streamed.getInt(8));
    body(RequestBytes.of(RELEASE, oneMore).longs(streamed.getLong(0)));
    forget(nodes.get(0), 1);
    assertEquals(PASSTHROUGH, open(oneMore).getInt(8));
  }

  @Test
  void shouldTryAgainAfterABlockThatWasRemovedAtThatMoment() throws IOException {
    agreeOnPassthrough();
    kernel.findsNothing = true;
    long node = inMemory("/w");
    assertReadsItself(node);
    kernel.findsNothing = false;
    assertEquals(PASSTHROUGH, open(node).getInt(8));
  }

  @Test
  void shouldGiveEverythingBackWhenTheMountEnds() throws IOException {
    agreeOnPassthrough();
    open(inMemory("/w"));
    long mapped = inMemory("/mapped");
    body(RequestBytes.of(RELEASE, mapped).longs(open(mapped).getLong(0)));
    assertEquals(2, files.leases);
    requests.close();
    assertEquals(0, files.leases);
    assertEquals(0, files.openFiles);
    assertEquals(List.of(), kernel.open);
  }
}
