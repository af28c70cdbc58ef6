// SPDX-License-Identifier: Apache-2.0
package io.mows.it.worker;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A python3 process that calls what a loader calls and Java cannot: getxattr(2) without an open of
 * the file, and ioctl(2). For one thread.
 */
final class AttributeCaller implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Process python;
  private final OutputStream calls;
  private final BufferedReader answers;

  private AttributeCaller(Process python) {
    this.python = python;
    this.calls = python.getOutputStream();
    this.answers =
        new BufferedReader(new InputStreamReader(python.getInputStream(), StandardCharsets.UTF_8));
  }

  static AttributeCaller start() throws IOException {
    String script;
    try (InputStream in = AttributeCaller.class.getResourceAsStream("attributes.py")) {
      script = new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
    return new AttributeCaller(
        new ProcessBuilder("python3", "-c", script)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start());
  }

  private JsonNode call(Object... call) throws IOException {
    calls.write((JSON.writeValueAsString(call) + "\n").getBytes(StandardCharsets.UTF_8));
    calls.flush();
    String answer = answers.readLine();
    if (answer == null) {
      throw new IOException("python3 has ended");
    }
    return JSON.readTree(answer);
  }

  /** The value, or the name of the error; asks again as long as nobody can tell yet. */
  String get(Path path, String name) throws IOException {
    String answer;
    do {
      answer = call("get", path.toString(), name).asText();
    } while (answer.equals("EAGAIN"));
    return answer;
  }

  /** What {@code user.mows.status} says. */
  JsonNode status(Path path) throws IOException {
    return JSON.readTree(get(path, "user.mows.status"));
  }

  /** The names, sorted. */
  List<String> list(Path path) throws IOException {
    List<String> names = new ArrayList<>();
    call("list", path.toString()).forEach(name -> names.add(name.asText()));
    names.sort(null);
    return names;
  }

  /** The name of the error, or "null". */
  String set(Path path, String name) throws IOException {
    return call("set", path.toString(), name).asText();
  }

  /** The name of the error, or "null". */
  String remove(Path path, String name) throws IOException {
    return call("remove", path.toString(), name).asText();
  }

  /** Wants these files of the directory; the name of the error, or "null". */
  String want(Path directory, List<String> names) throws IOException {
    return call("want", directory.toString(), names).asText();
  }

  /** Ends what {@link #want} has begun. */
  void drop(Path directory) throws IOException {
    call("drop", directory.toString());
  }

  /** Reads a whole file; how many bytes it has. */
  long read(Path file) throws IOException {
    return call("read", file.toString()).asLong();
  }

  /** Kills the process: what it had open is closed by the kernel. */
  void kill() throws InterruptedException {
    python.destroyForcibly().waitFor();
  }

  @Override
  public void close() throws IOException {
    calls.close();
    try {
      python.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
