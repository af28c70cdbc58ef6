// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.origin;

import static org.junit.jupiter.api.Assertions.assertEquals;

import alluxio.util.LogUtils;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class ClientLogsTest {
  private final Map<String, String> before = new HashMap<>();

  @BeforeEach
  void remember() throws IOException {
    for (String name : ClientLogs.NAMES) {
      before.put(name, level(name));
    }
  }

  @AfterEach
  void putBack() throws IOException {
    for (String name : ClientLogs.NAMES) {
      LogUtils.setLogLevel(name, before.get(name));
    }
  }

  private static String level(String name) throws IOException {
    return LogUtils.setLogLevel(name, null).getLevel();
  }

  @Test
  void shouldNotHaveClientsSayEachAnswerThatIsAnError() throws IOException {
    for (String name : ClientLogs.NAMES) {
      LogUtils.setLogLevel(name, "INFO");
    }
    ClientLogs.quieten();
    for (String name : ClientLogs.NAMES) {
      assertEquals("ERROR", level(name), name);
    }
  }

  @Test
  void shouldLeaveAloneWhatTheOperatorHasSet() throws IOException {
    LogUtils.setLogLevel("com.aliyun.oss", "DEBUG");
    ClientLogs.quieten();
    assertEquals("DEBUG", level("com.aliyun.oss"));
  }
}
