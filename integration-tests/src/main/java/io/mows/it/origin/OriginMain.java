// SPDX-License-Identifier: Apache-2.0
package io.mows.it.origin;

import java.io.IOException;
import java.nio.file.Path;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.DefaultParser;
import org.apache.commons.cli.HelpFormatter;
import org.apache.commons.cli.Option;
import org.apache.commons.cli.Options;
import org.apache.commons.cli.ParseException;

/**
 * Runs a {@link TestOrigin} as a process of its own until it is killed. Prints one line when it is
 * ready; exits with 2 when an argument is wrong and 1 when it cannot listen.
 */
public final class OriginMain {
  private static final String PORT = "port";
  private static final String BIND = "bind";
  private static final String ADMIN_PORT = "admin-port";
  private static final String BUCKET = "bucket";
  private static final String ACCESS_KEY_ID = "access-key-id";
  private static final String ACCESS_KEY_SECRET = "access-key-secret";
  private static final String TOTAL_RATE = "total-bytes-per-second";
  private static final String CONNECTION_RATE = "connection-bytes-per-second";
  private static final String FIRST_BYTE_DELAY = "first-byte-delay-ms";

  private OriginMain() {}

  public static void main(String[] args) throws InterruptedException {
    TestOrigin.Builder builder;
    try {
      builder = parse(args);
    } catch (ParseException | IllegalArgumentException e) {
      System.err.println(e.getMessage());
      new HelpFormatter().printHelp(OriginMain.class.getSimpleName(), options());
      System.exit(2);
      return;
    }
    try (TestOrigin origin = builder.start()) {
      System.out.printf(
          "test origin ready: endpoint %s admin port %d%n",
          origin.endpoint(), origin.adminPort().orElse(0));
      Thread.currentThread().join();
    } catch (IOException e) {
      System.err.println(e.getMessage() + " (" + e.getCause() + ")");
      System.exit(1);
    }
  }

  static TestOrigin.Builder parse(String[] args) throws ParseException {
    CommandLine line = new DefaultParser().parse(options(), args);
    TestOrigin.Builder builder =
        TestOrigin.builder()
            .port((int) number(line, PORT))
            .bindHost(line.getOptionValue(BIND, "127.0.0.1"))
            .accessKey(line.getOptionValue(ACCESS_KEY_ID), line.getOptionValue(ACCESS_KEY_SECRET))
            .shaping(
                Shaping.unshaped()
                    .withTotalBytesPerSecond(number(line, TOTAL_RATE))
                    .withConnectionBytesPerSecond(number(line, CONNECTION_RATE))
                    .withFirstByteDelayMs(number(line, FIRST_BYTE_DELAY)));
    if (line.hasOption(ADMIN_PORT)) {
      builder.adminPort((int) number(line, ADMIN_PORT));
    }
    for (String bucket : line.getOptionValues(BUCKET)) {
      int equals = bucket.indexOf('=');
      if (equals < 1) {
        throw new IllegalArgumentException("--bucket " + bucket + ": write NAME=DIRECTORY");
      }
      builder.bucket(bucket.substring(0, equals), Path.of(bucket.substring(equals + 1)));
    }
    return builder;
  }

  private static long number(CommandLine line, String option) {
    String text = line.getOptionValue(option, "0");
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("--" + option + " " + text + ": write a number", e);
    }
  }

  private static Options options() {
    return new Options()
        .addOption(option(PORT, "port of the OSS API; default: any free one").build())
        .addOption(option(BIND, "address to listen on; default 127.0.0.1").build())
        .addOption(option(ADMIN_PORT, "port of the admin API; 0: any; default: none").build())
        .addOption(option(BUCKET, "NAME=DIRECTORY; may be repeated").required().build())
        .addOption(option(ACCESS_KEY_ID, "the one key that may read").required().build())
        .addOption(option(ACCESS_KEY_SECRET, "its secret").required().build())
        .addOption(option(TOTAL_RATE, "cap of all connections together").build())
        .addOption(option(CONNECTION_RATE, "cap of each connection").build())
        .addOption(option(FIRST_BYTE_DELAY, "delay of every answer").build());
  }

  private static Option.Builder option(String name, String description) {
    return Option.builder().longOpt(name).hasArg().desc(description);
  }
}
