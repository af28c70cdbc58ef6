// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.origin;

import alluxio.util.LogUtils;
import com.google.common.annotations.VisibleForTesting;
import java.io.IOException;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Quietens what object stores' clients log themselves. They say each answer that is an error, in
 * six lines: hundreds a second while an origin fails that is read by many connections, and four
 * lines for each manifest that is not there. What comes of it is said once, by path, by those who
 * asked. Stateless.
 */
public final class ClientLogs {
  private static final Logger LOG = LoggerFactory.getLogger(ClientLogs.class);

  /** Of OSS and of S3. */
  @VisibleForTesting static final List<String> NAMES = List.of("com.aliyun.oss", "com.amazonaws");

  /** What the root of Alluxio's own log4j.properties has: nobody has asked for another one. */
  private static final String OF_ALLUXIO = "INFO";

  private static final String QUIET = "ERROR";

  private ClientLogs() {}

  /** Leaves alone what the operator has set to another level than Alluxio's; any thread. */
  public static void quieten() {
    for (String name : NAMES) {
      try {
        if (OF_ALLUXIO.equals(LogUtils.setLogLevel(name, null).getLevel())) {
          LogUtils.setLogLevel(name, QUIET);
        }
      } catch (IOException | RuntimeException | LinkageError e) {
        LOG.debug("The level of {} cannot be set", name, e);
      }
    }
  }
}
