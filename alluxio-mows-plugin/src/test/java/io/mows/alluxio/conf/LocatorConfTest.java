// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.conf;

import static io.mows.alluxio.conf.Refusals.assertRefused;
import static io.mows.alluxio.conf.Refusals.refused;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class LocatorConfTest {
  private static final String ADDRESSES = "alluxio.mows.locator.addresses";
  private static final String DIR = "alluxio.mows.locator.dir";

  private static LocatorConf of(String key, String value) {
    return MowsConf.of(Map.of(key, value)).locator();
  }

  @Test
  void shouldFindTheLocatorByItselfWhenNothingIsSet() {
    LocatorConf conf = MowsConf.of(Map.of("alluxio.work.dir", "/opt/work")).locator();
    assertTrue(conf.isAuto());
    assertEquals(List.of(), conf.members());
    assertEquals(Path.of("/opt/work/mows/locator"), conf.dir());
  }

  @ParameterizedTest
  @ValueSource(strings = {"auto", "AUTO", " auto "})
  void shouldReadAuto(String value) {
    assertTrue(of(ADDRESSES, value).isAuto());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "worker-1:29990|worker-1:29990",
        "' c:3 , a:1,b:65535,'|c:3,a:1,b:65535",
        "[fd79::2]:29990|[fd79::2]:29990",
        "10.0.0.1:1,10.0.0.1:2,10.0.0.1:3,a:1,a.b:1|10.0.0.1:1,10.0.0.1:2,10.0.0.1:3,a:1,a.b:1"
      })
  void shouldReadMembersInTheirOrder(String value, String members) {
    LocatorConf conf = of(ADDRESSES, value);
    assertFalse(conf.isAuto());
    assertEquals(List.of(members.split(",")), conf.members());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", ",", "a:1,b:1", "a:1,b:1,c:1,d:1", "a:1,a:1,b:1", "a:1,b:1,c:1,d:1,e:1,f:1"})
  void shouldRefuseOtherCounts(String value) {
    assertRefused(ADDRESSES, value, "auto, or host:port of 1, 3 or 5 different workers");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a",
        "a:",
        ":1",
        "a:0",
        "a:65536",
        "a:x",
        "a:-1",
        "http://a:1",
        "a b:1",
        "a:1:2",
        "fd79::2:29990",
        "[fd79::2]",
        "none"
      })
  void shouldRefuseWhatIsNoAddress(String value) {
    assertRefused(ADDRESSES, value, "'" + value + "' is not host:port");
  }

  @Test
  void shouldReportEachMember() {
    assertEquals(3, refused(Map.of(ADDRESSES, "a,b,c:1,d:1")).mistakes().size());
  }

  @Test
  void shouldReadTheDirectory() {
    assertEquals(Path.of("/var/lib/mows"), of(DIR, "/var/lib/mows/").dir());
  }

  @Test
  void shouldRefuseOtherDirectories() {
    assertRefused(DIR, "", "name a directory");
    assertRefused(DIR, "mows", "an absolute path");
    assertRefused(DIR, "/a\0b", "an absolute path");
  }
}
