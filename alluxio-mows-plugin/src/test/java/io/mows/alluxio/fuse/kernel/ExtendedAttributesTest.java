// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.fuse.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.mows.alluxio.fuse.kernel.message.FuseInit;
import io.mows.alluxio.fuse.kernel.message.Reply;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import jnr.constants.platform.Errno;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the kernel asks when somebody calls getxattr(2) or listxattr(2). */
final class ExtendedAttributesTest {
  private static final int LOOKUP = 1;
  private static final int GETXATTR = 22;
  private static final int LISTXATTR = 23;

  private final FakeMountedFiles files = new FakeMountedFiles();
  private final Notifications notifications = new Notifications(new FakeSink());
  private final FuseInit init = new FuseInit(true);
  private final Reply.Owner owner = new Reply.Owner(0, 0, 0, 0);
  private final KernelRequests requests =
      new KernelRequests(
          files,
          owner,
          false,
          init,
          new Passthrough(new NoKernel(), init, 1),
          notifications,
          0,
          new LateReplies(bytes -> {}, owner));
  private final Reply reply = requests.newReply();

  @BeforeEach
  void addFiles() {
    files.put("/m", 5, true, 0);
    files.put("/m/w", 6, false, 10);
    files.put("/m/w.unknown", 7, false, 10);
    files.put("/m/w.foreign", 8, false, 10);
  }

  @AfterEach
  void end() {
    requests.stopWaiting();
    notifications.close();
  }

  private ByteBuffer answer(RequestBytes request) {
    ByteBuffer out = requests.answer(request.request(), reply).orElseThrow();
    assertEquals(out.remaining(), out.getInt(out.position()));
    return out.slice().order(ByteOrder.nativeOrder());
  }

  private ByteBuffer body(RequestBytes request) {
    ByteBuffer out = answer(request);
    assertEquals(0, out.getInt(4), "an error");
    return out.position(16).slice().order(ByteOrder.nativeOrder());
  }

  private Errno error(RequestBytes request) {
    ByteBuffer out = answer(request);
    assertEquals(16, out.remaining());
    return Errno.valueOf(-out.getInt(4));
  }

  private long node(String name) {
    long directory = body(RequestBytes.of(LOOKUP, 1).name("m")).getLong(0);
    return name.isEmpty()
        ? directory
        : body(RequestBytes.of(LOOKUP, directory).name(name)).getLong(0);
  }

  private static RequestBytes get(long node, String name, int roomBytes) {
    return RequestBytes.of(GETXATTR, node).ints(roomBytes, 0).name(name);
  }

  private static RequestBytes list(long node, int roomBytes) {
    return RequestBytes.of(LISTXATTR, node).ints(roomBytes, 0);
  }

  private static String text(ByteBuffer bytes) {
    return StandardCharsets.UTF_8.decode(bytes).toString();
  }

  @Test
  void shouldGiveTheValueOfAFileAndOfADirectory() {
    assertEquals("/m/w", text(body(get(node("w"), "user.mows.path", 100))));
    assertEquals("/m/w", text(body(get(node("w"), "user.mows.path", 4))), "it just fits");
    assertEquals("/m", text(body(get(node(""), "user.mows.path", 100))));
    assertEquals("/", text(body(get(1, "user.mows.path", 100))));
    assertEquals(4096, body(get(1, "user.mows.long", 65_536)).remaining());
  }

  @Test
  void shouldSayHowLongItIs() {
    ByteBuffer size = body(get(node("w"), "user.mows.path", 0));
    assertEquals(8, size.remaining());
    assertEquals(4, size.getInt(0));
    assertEquals(2 * 15, body(list(node("w"), 0)).getInt(0));
  }

  @Test
  void shouldListTheNames() {
    assertEquals("user.mows.path\0user.mows.long\0", text(body(list(node("w"), 100))));
    assertEquals(0, body(list(node("w.foreign"), 100)).remaining());
  }

  @Test
  void shouldRefuseAsReadOnlyFileSystemsDo() {
    long node = node("w");
    assertEquals(Errno.ENODATA, error(get(node, "user.mows.none", 100)));
    assertEquals(Errno.ENODATA, error(get(node, "security.selinux", 0)));
    assertEquals(Errno.ERANGE, error(get(node, "user.mows.path", 3)));
    assertEquals(Errno.ERANGE, error(list(node, 29)));
    assertEquals(Errno.ESTALE, error(get(4711, "user.mows.path", 100)));
    assertEquals(Errno.EAGAIN, error(get(node("w.unknown"), "user.mows.path", 100)));
  }
}
