// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.locator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class OwnMemberTest {
  private static final List<String> MEMBERS = List.of("a:1", "b:2", "10.0.0.3:3");

  @Test
  void shouldKnowItselfByItsOwnName() throws IOException {
    assertEquals(Optional.of("b:2"), OwnMember.find(MEMBERS, "b", host -> false));
    assertEquals(
        Optional.of("b:2"),
        OwnMember.find(MEMBERS, "b", Set.of("a")::contains),
        "the name counts more than an address");
  }

  @Test
  void shouldKnowItselfByAnAddressOfItsMachine() throws IOException {
    assertEquals(
        Optional.of("10.0.0.3:3"), OwnMember.find(MEMBERS, "c", Set.of("10.0.0.3")::contains));
    assertEquals(Optional.of("127.0.0.1:3"), OwnMember.find(List.of("127.0.0.1:3"), "c"));
  }

  @Test
  void shouldKnowItselfByAnIpv6AddressInOtherWords() throws IOException {
    List<String> members = List.of("[fd79::1]:29990", "[fd79:0:0::2]:29990", "[fd79::3]:29990");
    assertEquals(
        Optional.of("[fd79:0:0::2]:29990"), OwnMember.find(members, "fd79::2", host -> false));
  }

  @Test
  void shouldNotTakeOthersForItself() throws IOException {
    assertEquals(Optional.empty(), OwnMember.find(MEMBERS, "c", host -> false));
    assertEquals(
        Optional.empty(),
        OwnMember.find(List.of("127.78.1.1:1", "203.0.113.1:1", "no such host:1"), "c"));
  }

  @Test
  void shouldRefuseToBeSeveralMembers() {
    IOException refused =
        assertThrows(
            IOException.class, () -> OwnMember.find(List.of("a:1", "a:2", "b:3"), "a", h -> false));
    assertTrue(
        refused
            .getMessage()
            .startsWith("alluxio.mows.locator.addresses=a:1,a:2,b:3: a:1 and a:2 are all"),
        refused::getMessage);
  }
}
