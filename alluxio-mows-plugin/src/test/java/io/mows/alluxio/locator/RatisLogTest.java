// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.locator;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

final class RatisLogTest {
  private static Logger log(String name) {
    return LoggerFactory.getLogger("org.apache.ratis." + name);
  }

  @Test
  void shouldHaveNoLineForEachMessageOfAStranger() {
    RatisLog.limit();
    // "Failed RaftClientRequest", "does not contain group", "receive requestVote", in this order.
    for (String name : List.of("grpc.server.GrpcClientProtocolService", "server.RaftServer")) {
      assertFalse(log(name).isWarnEnabled(), name);
    }
    assertFalse(log("server.RaftServer$Division").isInfoEnabled());
    assertTrue(log("grpc.server.GrpcLogAppender").isWarnEnabled(), "what goes wrong among members");
    assertTrue(LoggerFactory.getLogger(RatisLog.class).isInfoEnabled(), "our own log");
  }
}
