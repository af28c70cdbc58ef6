// SPDX-License-Identifier: Apache-2.0
package io.mows.it.bench;

import com.google.common.base.Splitter;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** The process of {@link ChannelBenchSender} as the other one sees it. */
final class ChannelBenchRemote implements AutoCloseable {
  private final Process process;
  private final List<String> ports;

  private ChannelBenchRemote(Process process, List<String> ports) {
    this.process = process;
    this.ports = ports;
  }

  /** Starts one. */
  static ChannelBenchRemote start(Path file, Path certificateDir) throws IOException {
    Process process =
        ChannelBenchProcess.of(
                ChannelBenchSender.class,
                System.getProperty("java.class.path"),
                List.of(),
                List.of(file.toString(), certificateDir.toString()))
            .start();
    BufferedReader out =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.US_ASCII));
    String ports = out.readLine();
    if (ports == null) {
      throw new IOException("The sending process did not start");
    }
    return new ChannelBenchRemote(process, Splitter.on(' ').splitToList(ports));
  }

  private InetSocketAddress address(int index) {
    int port = Integer.parseInt(ports.get(index));
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
  }

  InetSocketAddress bareAddress() {
    return address(0);
  }

  InetSocketAddress channelAddress() {
    return address(1);
  }

  InetSocketAddress tlsAddress() {
    return address(2);
  }

  ProcessHandle handle() {
    return process.toHandle();
  }

  @Override
  public void close() throws IOException {
    process.getOutputStream().close();
    try {
      process.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
