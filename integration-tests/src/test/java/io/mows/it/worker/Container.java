// SPDX-License-Identifier: Apache-2.0
package io.mows.it.worker;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A process with mounts of its own, as a container has them; needs root. Of a directory on the host
 * it sees at one place what is mounted there later ({@code rslave}), at another what was there when
 * it bound it.
 */
final class Container implements AutoCloseable {
  private final Path shared;
  private final Path root;
  private final Process process;

  private Container(Path shared, Path root, Process process) {
    this.shared = shared;
    this.root = root;
    this.process = process;
  }

  /** Makes {@code above} a shared mount, as systemd makes all of them, and binds it as a slave. */
  static Container start(Path above) throws Exception {
    run(List.of("mount", "--bind", above.toString(), above.toString()));
    run(List.of("mount", "--make-private", above.toString()));
    run(List.of("mount", "--make-shared", above.toString()));
    Path root = Files.createTempDirectory("mows-container");
    Files.createDirectories(root.resolve("bound"));
    Files.createDirectories(root.resolve("below"));
    Process process =
        new ProcessBuilder("unshare", "--mount", "--propagation", "slave", "sleep", "600")
            .inheritIO()
            .start();
    Container container = new Container(above, root, process);
    Clusters.await("the container to have its mounts", container::hasOwnMounts);
    container.inside("mount", "--rbind", above.toString(), root.resolve("below").toString());
    return container;
  }

  private boolean hasOwnMounts() throws IOException {
    Path own = Files.readSymbolicLink(Path.of("/proc/self/ns/mnt"));
    return !Files.readSymbolicLink(Path.of("/proc/" + process.pid() + "/ns/mnt")).equals(own);
  }

  /** Binds what is mounted there now, and nothing that comes later. */
  void bind(Path mountPoint) throws IOException {
    String bound = root.resolve("bound").toString();
    inside("mount", "--bind", mountPoint.toString(), bound);
    inside("mount", "--make-private", bound);
  }

  byte[] readBound(String file) throws IOException {
    return read(root.resolve("bound").resolve(file));
  }

  byte[] readBelow(String file) throws IOException {
    return read(root.resolve("below").resolve(file));
  }

  /** Nothing if it cannot be read. */
  private byte[] read(Path file) throws IOException {
    Process cat = new ProcessBuilder(entered("cat", file.toString())).start();
    byte[] bytes = cat.getInputStream().readAllBytes();
    cat.onExit().join();
    return bytes;
  }

  private void inside(String... command) throws IOException {
    run(entered(command));
  }

  private List<String> entered(String... command) {
    List<String> all = new ArrayList<>(List.of("nsenter", "-m", "-t", "" + process.pid()));
    all.addAll(List.of(command));
    return all;
  }

  private static void run(List<String> command) throws IOException {
    Process process = new ProcessBuilder(command).inheritIO().start();
    if (process.onExit().join().exitValue() != 0) {
      throw new IOException(String.join(" ", command) + " failed");
    }
  }

  @Override
  public void close() throws IOException {
    process.destroyForcibly();
    run(List.of("umount", "-R", "-l", shared.toString()));
    Files.delete(root.resolve("bound"));
    Files.delete(root.resolve("below"));
    Files.delete(root);
  }
}
