// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.trace;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** How fast this machine's network devices say that they are. */
public final class NetworkSpeed {
  private static final double BYTES_OF_MEGABIT = 125_000;

  private NetworkSpeed() {}

  /**
   * Of the fastest device that is up and has hardware behind it (what is virtual makes its speed
   * up), in bytes a second; 0 if none tells, as in many virtual machines.
   *
   * @param devices such as {@code /sys/class/net}
   */
  public static double bytesPerSecond(Path devices) {
    double fastest = 0;
    try (DirectoryStream<Path> all = Files.newDirectoryStream(devices)) {
      for (Path device : all) {
        fastest = Math.max(fastest, megabits(device) * BYTES_OF_MEGABIT);
      }
    } catch (IOException e) {
      return 0;
    }
    return fastest;
  }

  private static double megabits(Path device) {
    try {
      boolean up = Files.readString(device.resolve("operstate")).strip().equals("up");
      return up && Files.exists(device.resolve("device"))
          ? Math.max(0, Integer.parseInt(Files.readString(device.resolve("speed")).strip()))
          : 0;
    } catch (IOException | NumberFormatException e) {
      return 0;
    }
  }
}
