// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.fuse.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.mows.alluxio.fuse.kernel.message.FuseInit;
import io.mows.alluxio.fuse.kernel.message.Reply;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import jnr.constants.platform.Errno;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the kernel asks when somebody calls ioctl(2) on a directory. */
final class WantListsTest {
  private static final int LOOKUP = 1;
  private static final int OPENDIR = 27;
  private static final int RELEASEDIR = 29;
  private static final int IOCTL = 39;
  private static final int IS_DIRECTORY = 1 << 4;

  private final FakeMountedFiles files = new FakeMountedFiles();
  private final Notifications notifications = new Notifications(new FakeSink());
  private final FuseInit init = new FuseInit(false);
  private final Reply.Owner owner = new Reply.Owner(0, 0, 0, 0);
  private final KernelRequests requests =
      new KernelRequests(
          files,
          owner,
          false,
          init,
          new Passthrough(new NoKernel(), init, 0),
          notifications,
          0,
          new LateReplies(bytes -> {}, owner));
  private final Reply reply = requests.newReply();

  @BeforeEach
  void addFiles() {
    files.put("/m", 5, true, 0);
  }

  @AfterEach
  void end() {
    requests.stopWaiting();
    notifications.close();
  }

  private ByteBuffer answer(RequestBytes request) {
    ByteBuffer out = requests.answer(request.request(), reply).orElseThrow();
    return out.slice().order(ByteOrder.nativeOrder());
  }

  private long openDirectory() {
    long node = answer(RequestBytes.of(LOOKUP, 1).name("m")).getLong(16);
    return answer(RequestBytes.of(OPENDIR, node)).getLong(16);
  }

  private void release(long handle) {
    assertEquals(0, answer(RequestBytes.of(RELEASEDIR, 5).longs(handle)).getInt(4));
  }

  private static int want(int sizeBytes) {
    return 1 << 30 | sizeBytes << 16 | 'M' << 8 | 1;
  }

  private Errno ioctl(long handle, int flags, int command, String payload) {
    int size = payload.getBytes(StandardCharsets.UTF_8).length;
    RequestBytes request =
        RequestBytes.of(IOCTL, 5)
            .longs(handle)
            .ints(flags, command)
            .longs(0x7fff_0000_1234L)
            .ints(size, 0)
            .raw(payload.getBytes(StandardCharsets.UTF_8));
    ByteBuffer out = answer(request);
    int error = out.getInt(4);
    assertEquals(error == 0 ? 16 + 16 : 16, out.remaining());
    return error == 0 ? null : Errno.valueOf(-error);
  }

  private Errno want(long handle, String payload) {
    int size = payload.getBytes(StandardCharsets.UTF_8).length;
    return ioctl(handle, IS_DIRECTORY, want(size), payload);
  }

  @Test
  void shouldTakeWhatAReaderWantsUntilItClosesTheDirectory() {
    long handle = openDirectory();
    assertEquals(null, want(handle, "b\0a\0"));
    assertEquals(null, want(handle, "unet/c\0"));
    assertEquals(List.of("begin /m", "add [b, a]", "add [unet/c]"), files.wants);
    release(handle);
    assertEquals("end /m", files.wants.get(3));
    release(handle);
    assertEquals(4, files.wants.size(), "ended once");
  }

  @Test
  void shouldKeepReadersApart() {
    long one = openDirectory();
    long other = openDirectory();
    want(one, "a\0");
    want(other, "b\0");
    release(other);
    assertEquals(List.of("begin /m", "add [a]", "begin /m", "add [b]", "end /m"), files.wants);
    release(openDirectory());
    assertEquals(5, files.wants.size(), "who wants nothing ends nothing");
  }

  @Test
  void shouldEndWithTheMount() {
    want(openDirectory(), "a\0");
    requests.close();
    assertEquals("end /m", files.wants.get(2));
  }

  @Test
  void shouldSayWhatIsWrong() {
    long handle = openDirectory();
    assertEquals(Errno.EINVAL, want(handle, "good\0../bad\0"));
    assertEquals(List.of(), files.wants, "nothing of that call is taken");
    assertEquals(Errno.ENOENT, want(handle, "a\0missing\0"));
    assertEquals(List.of("begin /m", "add [a, missing]"), files.wants);
    assertEquals(Errno.EAGAIN, want(handle, "unknown\0"));
    assertEquals(Errno.EBADF, want(4711, "a\0"));
  }

  @Test
  void shouldKnowNoOtherCommand() {
    long handle = openDirectory();
    assertEquals(Errno.ENOTTY, ioctl(handle, 0, want(2), "a\0"), "on a file");
    int read = 2 << 30 | 2 << 16 | 'M' << 8 | 1;
    for (int command : new int[] {want(3), want(2) + 1, want(2) + 0x100, read, 0x5401, 0}) {
      assertEquals(Errno.ENOTTY, ioctl(handle, IS_DIRECTORY, command, "a\0"), "" + command);
    }
    assertEquals(List.of(), files.wants);
  }
}
