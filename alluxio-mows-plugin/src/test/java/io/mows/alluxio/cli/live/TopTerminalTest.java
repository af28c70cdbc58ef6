// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.cli.live;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On a terminal that the kernel takes for one: {@code script} of util-linux makes it. */
final class TopTerminalTest {
  private static final int CTRL_C = 3;
  private static final int INTERRUPTED = 130;
  private static final long PATIENCE_NS = TimeUnit.MINUTES.toNanos(2);

  @TempDir private Path dir;

  private final FakeTerminal shown = new FakeTerminal(24, 80);
  private final AtomicReference<Throwable> failure = new AtomicReference<>();
  private Process script;
  private String device;

  @AfterEach
  void end() throws Exception {
    if (script != null) {
      script.descendants().forEach(ProcessHandle::destroyForcibly);
      script.destroyForcibly().waitFor();
    }
  }

  @Test
  void shouldDrawOverFollowTheTerminalAndLeaveItAsItWas() throws Exception {
    start();
    awaitShown("frame after frame", () -> shown.frames() >= 3);
    assertTrue(shown.isOnOtherScreen());
    awaitShown("a model more", () -> models() >= 2);
    assertTrue(shown.line(23).endsWith("more lines; 'top --once' prints all"), shown::text);

    awaitShown("who does not answer", () -> shown.line(0).startsWith("NOBODY ANSWERS"));
    awaitShown("that it goes on", () -> models() >= 5);

    shown.resize(10, 40);
    stty("rows", "10", "cols", "40");
    awaitShown(
        "less on a smaller terminal",
        () -> shown.line(9).endsWith("lines; 'top --once' prints all") && models() > 0);
    shown.resize(60, 200);
    stty("rows", "60", "cols", "200");
    awaitShown("all on a larger one", () -> shown.text().contains("w39:30000"));
    assertTrue(shown.text().contains("?[2Jgroup"), "what a name says is not done");
    String before = stty("-a");

    script.getOutputStream().write(CTRL_C);
    script.getOutputStream().flush();
    assertTrue(script.waitFor(1, TimeUnit.MINUTES), "it does not end");
    assertEquals(INTERRUPTED, script.exitValue());
    awaitShown("what was there before", shown::isAsItWas);
    // After each resize of the test's own terminal, and at the beginning.
    assertTrue(shown.emptyFrames() <= 3, () -> shown.emptyFrames() + " frames began empty");
    assertTrue(before.contains(" echo "), before);
    assertFalse(before.contains("-icanon"), before);
  }

  private int models() {
    String head = shown.line(0);
    String models = head.replaceFirst("^MoWS  40 workers  (\\d+) models .*", "$1");
    return models.equals(head) ? 0 : Integer.parseInt(models);
  }

  private void start() throws Exception {
    Path tty = dir.resolve("tty");
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    String command =
        String.format(
            // A build in the background has Ctrl-C ignored, and so has what it starts.
            "stty rows 24 cols 80; tty > %s; exec env --default-signal=INT"
                + " %s -XX:TieredStopAtLevel=1 -cp '%s' %s",
            tty, java, System.getProperty("java.class.path"), TopTerminalMain.class.getName());
    ProcessBuilder builder = new ProcessBuilder("script", "-qefc", command, "/dev/null");
    builder.environment().put("SHELL", "/bin/sh");
    script = builder.redirectErrorStream(true).start();
    Thread reader = new Thread(this::read, "terminal");
    reader.setDaemon(true);
    reader.start();
    awaitShown("its first frame", () -> shown.frames() >= 1);
    device = Files.readString(tty).strip();
  }

  private void read() {
    try (InputStream in = script.getInputStream()) {
      byte[] buffer = new byte[64 << 10];
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        shown.write(new String(buffer, 0, count, StandardCharsets.ISO_8859_1));
      }
    } catch (IOException | RuntimeException e) {
      failure.set(e);
    }
  }

  private void awaitShown(String what, BooleanSupplier holds) throws InterruptedException {
    long deadlineNs = System.nanoTime() + PATIENCE_NS;
    while (!holds.getAsBoolean()) {
      if (failure.get() != null || System.nanoTime() - deadlineNs > 0) {
        throw new AssertionError("It does not show " + what + ":\n" + shown.text(), failure.get());
      }
      Thread.sleep(2);
    }
  }

  private String stty(String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of("stty", "-F", device));
    command.addAll(List.of(arguments));
    Process stty = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(stty.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
    assertEquals(0, stty.waitFor(), said);
    return said;
  }
}
