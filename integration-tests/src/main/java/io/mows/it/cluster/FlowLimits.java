// SPDX-License-Identifier: Apache-2.0
package io.mows.it.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A link on which each connection gets no more than a part, as in clouds: a class of tc-htb(8) for
 * so many connections each, told apart by bits of their port numbers. Two may share a class by
 * chance, and have less. Stateless.
 */
final class FlowLimits {
  private static final int CLASSES = 128;

  /** Of the ports that the kernel gives to those who dial, the even ones come first. */
  private static final int PORT_MASK = (CLASSES - 1) << 1;

  private static final int QUEUE_BYTES = 512 << 10;

  /** Of segmentation offload: the largest packet. */
  private static final int BURST_BYTES = 128 << 10;

  private FlowLimits() {}

  /** Replaces what is on a device by these limits. */
  static void set(String namespace, String device, long linkBits, long flowBits)
      throws IOException {
    Path batch = Files.createTempFile("mows-tc", ".txt");
    try {
      Files.write(batch, commands(device, linkBits, flowBits));
      Commands.run("tc", "-n", namespace, "-batch", batch.toString());
    } finally {
      Files.delete(batch);
    }
  }

  private static List<String> commands(String device, long linkBits, long flowBits) {
    String dev = " dev " + device + " ";
    String ofFlow = rate(flowBits);
    List<String> commands = new ArrayList<>();
    commands.add("qdisc replace" + dev + "root handle 1: htb default 2");
    commands.add("class add" + dev + "parent 1: classid 1:1 htb" + rate(linkBits));
    commands.add("class add" + dev + "parent 1:1 classid 1:2 htb" + rate(linkBits));
    for (int i = 0; i < CLASSES; i++) {
      String id = Integer.toHexString(0x100 + i);
      commands.add("class add" + dev + "parent 1:1 classid 1:" + id + " htb" + ofFlow);
      commands.add("qdisc add" + dev + "parent 1:" + id + " bfifo limit " + QUEUE_BYTES);
      // Whoever dialled has a port of the kernel's choice, the other one the port it listens on.
      for (String[] ends : new String[][] {{"sport", "dport"}, {"dport", "sport"}}) {
        commands.add(
            "filter add"
                + dev
                + "parent 1: protocol ip prio 1 u32 match ip "
                + ends[0]
                + " 29991 0xffff match ip "
                + ends[1]
                + " "
                + (i << 1)
                + " 0x"
                + Integer.toHexString(PORT_MASK)
                + " flowid 1:"
                + id);
      }
    }
    return commands;
  }

  private static String rate(long bits) {
    return " rate "
        + bits
        + "bit ceil "
        + bits
        + "bit burst "
        + BURST_BYTES
        + " cburst "
        + BURST_BYTES
        + " quantum "
        + BURST_BYTES;
  }
}
