// SPDX-License-Identifier: Apache-2.0
package io.mows.channel.rdma;

import io.mows.channel.ChannelSettings;
import io.mows.channel.DataChannel;
import io.mows.channel.testing.TestListener;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** A worker in a process of its own, that a test can kill: it serves a {@link LargeFile}. */
final class PeerProcess implements AutoCloseable {
  private final Process process;
  private final InetSocketAddress address;

  private PeerProcess(Process process, InetSocketAddress address) {
    this.process = process;
    this.address = address;
  }

  /** It runs with the options of this JVM, which in the guest are chosen with care. */
  static PeerProcess start(int pieces) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(ProcessHandle.current().info().command().orElseThrow());
    command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    command.addAll(
        List.of(
            "-cp",
            System.getProperty("java.class.path"),
            PeerProcess.class.getName(),
            String.valueOf(pieces)));
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    BufferedReader out =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.US_ASCII));
    String port = out.readLine();
    if (port == null || !port.matches("\\d+")) {
      // What a JVM says that crashes, up to its end.
      String rest = out.lines().collect(Collectors.joining("\n"));
      throw new IOException("The peer does not serve, it says: " + port + "\n" + rest);
    }
    return new PeerProcess(
        process, new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(port)));
  }

  /** Serves until it is killed. */
  @SuppressWarnings("SystemOut") // The port is what the other process waits for.
  public static void main(String[] args) throws Exception {
    LargeFile file = LargeFile.filled(Integer.parseInt(args[0]));
    DataChannel channel =
        new RdmaChannelProvider()
            .open(
                ChannelSettings.builder("mortal").bind("127.0.0.1", 0).build(),
                file,
                new TestListener());
    System.out.println(channel.listen().getPort());
    Thread.currentThread().join();
  }

  InetSocketAddress address() {
    return address;
  }

  /** As SIGKILL does it. */
  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
