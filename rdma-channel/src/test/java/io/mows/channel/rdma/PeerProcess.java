// SPDX-License-Identifier: Apache-2.0
package io.mows.channel.rdma;

import io.mows.channel.ChannelSettings;
import io.mows.channel.DataChannel;
import io.mows.channel.testing.TestListener;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** A worker in a process of its own, that a test can kill: it serves a {@link LargeFile}. */
final class PeerProcess implements AutoCloseable {
  private final Process process;
  private final InetSocketAddress address;

  private PeerProcess(Process process, InetSocketAddress address) {
    this.process = process;
    this.address = address;
  }

  static PeerProcess start(int pieces) throws IOException {
    Process process =
        new ProcessBuilder(
                List.of(
                    ProcessHandle.current().info().command().orElseThrow(),
                    "-Xmx256m",
                    "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
                    "-cp",
                    System.getProperty("java.class.path"),
                    PeerProcess.class.getName(),
                    String.valueOf(pieces)))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    BufferedReader out =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.US_ASCII));
    String port = out.readLine();
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
