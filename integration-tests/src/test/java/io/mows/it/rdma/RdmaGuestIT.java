// SPDX-License-Identifier: Apache-2.0
package io.mows.it.rdma;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import io.mows.channel.rdma.RdmaChannelProvider;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * RDMA on real verbs, in a guest with soft-RoCE: the contract suite, 64 MiB and 1 GiB with CRCs,
 * peers that are killed, refuse or do not answer, and workers that exchange pieces while RDMA is
 * switched off. What the device has sent is asserted on, so that pieces over TCP cannot pass.
 *
 * <p>Skipped where the packages for the guest cannot be had, but not in CI.
 */
final class RdmaGuestIT {
  /** Two to four minutes on a quiet machine: all of the guest is emulated. */
  private static final int TIMEOUT_S = 540;

  private static final long LEAST_BYTES = (1L << 30) + (64L << 20);
  private static final long MTU_BYTES = 4_096;
  private static final int TAIL_LINES = 150;

  /** The guest is x86-64, as is this machine then. */
  private static final String LIBRARY = "native/linux-x86_64/libdisni.so";

  private static final String[] CLASSES = {
    "io.mows.channel.rdma.RdmaContractInGuest",
    "io.mows.channel.rdma.RdmaTransfersInGuest",
    "io.mows.p2p.fetch.engine.SharingInGuest"
  };

  @Test
  void shouldPassOnRealVerbs() throws Exception {
    RdmaGuest guest = RdmaGuest.ofThisBuild();
    Optional<String> unavailable =
        RdmaChannelProvider.class.getResource(LIBRARY) == null
            ? Optional.of("the build had to go without the native library")
            : guest.prepare();
    if (unavailable.isPresent()) {
      String message = "No test of RDMA on real verbs: " + unavailable.get();
      if (System.getenv("CI") != null) {
        fail(message);
      }
      System.out.println(message);
      abort(message);
    }
    String classPath =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    String[] mainClass = new String[CLASSES.length + 1];
    mainClass[0] = GuestTests.class.getName();
    System.arraycopy(CLASSES, 0, mainClass, 1, CLASSES.length);
    String script =
        "timeout "
            + (TIMEOUT_S - 15)
            + " "
            + RdmaGuest.java(classPath, mainClass)
            + "\nstatus=$?\n"
            + "cp /sys/class/infiniband/rxe0/ports/1/hw_counters/sent_pkts /out/packets\n"
            + "exit $status\n";
    int status = guest.run(script, TIMEOUT_S);
    assertEquals(0, status, () -> "the guest says:\n" + tail(guest));
    long packets = Long.parseLong(guest.output("packets"));
    assertTrue(packets > LEAST_BYTES / MTU_BYTES, "the device has sent only " + packets);
  }

  private static String tail(RdmaGuest guest) {
    try {
      List<String> lines = Files.readAllLines(guest.console());
      return lines.stream()
          .skip(Math.max(0, lines.size() - TAIL_LINES))
          .collect(Collectors.joining("\n"));
    } catch (IOException e) {
      return e.toString();
    }
  }
}
