// SPDX-License-Identifier: Apache-2.0
package io.mows.it.cluster;

import io.mows.it.origin.OriginAdmin;
import io.mows.it.origin.OriginMain;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The test origin of a {@link LocalCluster}, in its own process. */
public final class OriginNode {
  private static final int HEAP_MIB = 512;

  private final Network network;
  private final Node node;
  private final JavaProcess process;

  private OriginNode(Network network, Node node, JavaProcess process) {
    this.network = network;
    this.node = node;
    this.process = process;
  }

  /**
   * @param light whether the processor is shared with what is measured
   */
  static OriginNode launch(OriginConfig config, Network network, Node node, boolean light)
      throws IOException {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "--bind",
                node.address(),
                "--port",
                Integer.toString(network.ports().origin()),
                "--admin-port",
                Integer.toString(network.ports().originAdmin()),
                "--bucket",
                OriginConfig.BUCKET + "=" + config.directory(),
                "--access-key-id",
                OriginConfig.ACCESS_KEY_ID,
                "--access-key-secret",
                OriginConfig.ACCESS_KEY_SECRET));
    arguments.addAll(config.limits());
    List<String> jvmOptions =
        light ? AlluxioJvm.lightServer(HEAP_MIB) : List.of("-Xmx" + HEAP_MIB + "m");
    JavaProcess process =
        node.startOurs("origin", jvmOptions, OriginMain.class.getName(), arguments);
    return new OriginNode(network, node, process);
  }

  void awaitReady(Duration timeout) throws IOException {
    Await.until(
        "the origin to serve " + adminUri(),
        timeout,
        () -> {
          process.checkAlive();
          return Web.answers(adminUri().resolve("/stats"));
        },
        process::tail);
  }

  JavaProcess process() {
    return process;
  }

  /** The origin's admin API: its counters, faults and shaping. */
  public OriginAdmin admin() {
    return new OriginAdmin(adminUri());
  }

  /** Where that answers. */
  URI adminUri() {
    return URI.create("http://" + node.address() + ":" + network.ports().originAdmin());
  }

  /**
   * Limits the origin's link from now on, in each direction on its own; needs namespaces.
   *
   * @param bitsPerSecond {@link NetworkConfig#UNLIMITED} lifts the limit
   */
  public void limitLink(long bitsPerSecond) throws IOException {
    network.limit(node.name(), bitsPerSecond);
  }

  /** Ends the origin as a crash would. */
  public void kill9() throws IOException {
    process.kill9();
  }
}
