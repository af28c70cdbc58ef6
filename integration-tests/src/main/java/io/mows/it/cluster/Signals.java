// SPDX-License-Identifier: Apache-2.0
package io.mows.it.cluster;

import java.io.IOException;

/** Sends signals to processes. */
public final class Signals {
  private Signals() {}

  /**
   * @param name as in {@code kill -STOP}
   */
  public static void send(String name, long pid) throws IOException, InterruptedException {
    Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(pid)).inheritIO().start();
    if (kill.waitFor() != 0) {
      throw new IOException("kill -" + name + " " + pid + " failed");
    }
  }
}
