// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.conf;

import static io.mows.alluxio.conf.Refusals.assertRefused;
import static io.mows.alluxio.conf.Refusals.refused;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import alluxio.conf.AlluxioProperties;
import alluxio.conf.InstancedConfiguration;
import alluxio.conf.PropertyKey;
import alluxio.conf.Source;
import io.mows.p2p.fetch.VerifyMode;
import io.mows.p2p.locator.PeerRole;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class MowsConfTest {
  private static final String ENABLED = "alluxio.mows.enabled";
  private static final String PATHS = "alluxio.mows.paths";
  private static final String PIECE_SIZE = "alluxio.mows.piece.size";
  private static final String PATIENCE = "alluxio.mows.origin.patience";
  private static final String STREAMS = "alluxio.mows.origin.streams";
  private static final String GROUP = "alluxio.mows.group";
  private static final String ROLE = "alluxio.mows.role";

  @Test
  void shouldWorkWithNothingSet() {
    MowsConf conf = MowsConf.of(Map.of());
    assertTrue(conf.enabled());
    assertEquals("/", conf.paths().toString());
    assertTrue(conf.accelerates("/m/a"));
    assertFalse(conf.accelerates("/m/crc32.txt"));
    assertEquals(4 << 20, conf.pieceBytes());
    assertEquals(64, conf.originStreams());
    assertEquals(120_000, conf.originPatienceMs());
    assertEquals("default", conf.group());
    assertEquals(PeerRole.INSTANCE, conf.role());
  }

  @ParameterizedTest
  @CsvSource({"true,true", "TRUE,true", "false,false", "False,false", "' false ',false"})
  void shouldReadBooleans(String value, boolean meaning) {
    assertEquals(meaning, MowsConf.of(Map.of(ENABLED, value)).enabled());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "yes", "1", "on", "tru"})
  void shouldRefuseOtherBooleans(String value) {
    assertRefused(ENABLED, value, "true or false");
  }

  @ParameterizedTest
  @CsvSource({"1MB,1", "4MB,4", "4m,4", "4194304,4", "64MB,64", "65536KB,64", "' 8MB ',8"})
  void shouldReadPieceSizes(String value, int megabytes) {
    assertEquals(megabytes << 20, MowsConf.of(Map.of(PIECE_SIZE, value)).pieceBytes());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "3MB",
        "512KB",
        "128MB",
        "-4MB",
        "4 MB x",
        "four",
        "MB",
        "0",
        "9999999999999TB",
        "1PB"
      })
  void shouldRefuseOtherPieceSizes(String value) {
    assertRefused(PIECE_SIZE, value, "a power of two from 1MB to 64MB, such as 4MB");
  }

  @ParameterizedTest
  @CsvSource({"1,1", "16,16", "1024,1024", "' 32 ',32"})
  void shouldReadStreamCounts(String value, int count) {
    assertEquals(count, MowsConf.of(Map.of(STREAMS, value)).originStreams());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "0", "-1", "1025", "16.0", "many", "99999999999999999999"})
  void shouldRefuseOtherStreamCounts(String value) {
    assertRefused(STREAMS, value, "a whole number from 1 to 1024");
  }

  @ParameterizedTest
  @CsvSource({"2min,120000", "30s,30000", "0s,0", "500ms,500", "24h,86400000"})
  void shouldReadTimes(String value, long ms) {
    assertEquals(ms, MowsConf.of(Map.of(PATIENCE, value)).originPatienceMs());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-1s", "25h", "soon", "2 parsecs"})
  void shouldRefuseOtherTimes(String value) {
    assertRefused(PATIENCE, value, "a time of at most 24h, such as 30s, 2min or 0s");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/|/",
        "/models|/models",
        "/models/|/models",
        "/a,/b/c|/a,/b/c",
        "' /a , /b ,'|/a,/b",
        "/with space|/with space"
      })
  void shouldReadPaths(String value, String paths) {
    assertEquals(paths, MowsConf.of(Map.of(PATHS, value)).paths().toString());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"models", "alluxio://host:19998/models", "/a//b", "//", "/a/../b", "/a/..", "./a"})
  void shouldRefusePathsThatAreNotAbsolute(String value) {
    assertRefused(PATHS, value, "'" + value + "' is not an absolute Alluxio path such as /models");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ",", " , "})
  void shouldSayHowToSwitchOffWhenNoPathIsNamed(String value) {
    assertRefused(PATHS, value, "to switch the acceleration off set alluxio.mows.enabled=false");
  }

  @ParameterizedTest
  @CsvSource({"instance,INSTANCE", "warmup,WARMUP", "' WarmUp ',WARMUP"})
  void shouldReadRoles(String value, PeerRole role) {
    assertEquals(role, MowsConf.of(Map.of(ROLE, value)).role());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "cacheroot", "1", "instance,warmup"})
  void shouldRefuseOtherRoles(String value) {
    assertRefused(ROLE, value, "instance or warmup");
  }

  @ParameterizedTest
  @ValueSource(strings = {"default", " llama-prod ", "team/llama:v2", "模型"})
  void shouldReadGroups(String value) {
    assertEquals(value.trim(), MowsConf.of(Map.of(GROUP, value)).group());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "two words", "tab\there", "line\nend"})
  void shouldRefuseOtherGroups(String value) {
    assertRefused(GROUP, value, "1 to 256 bytes and no white space");
  }

  @Test
  void shouldRefuseGroupsThatTheLocatorCannotTake() {
    assertEquals("g".repeat(256), MowsConf.of(Map.of(GROUP, "g".repeat(256))).group());
    assertRefused(GROUP, "g".repeat(257), "1 to 256 bytes");
    assertRefused(GROUP, "组".repeat(86), "1 to 256 bytes");
  }

  @ParameterizedTest
  @CsvSource({"piece,PIECE", "STRICT,STRICT", "off,OFF"})
  void shouldReadWhenToVerify(String value, VerifyMode mode) {
    assertEquals(mode, MowsConf.of(Map.of("alluxio.mows.verify", value)).verify());
  }

  @Test
  void shouldRefuseOtherWaysToVerify() {
    assertRefused("alluxio.mows.verify", "always", "it must be piece or strict or off");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a/crc32.txt", "/crc32.txt", ".."})
  void shouldRefuseManifestsThatAreNoFileName(String value) {
    assertRefused("alluxio.mows.manifest.name", value, "the name of a file, without a directory");
  }

  @Test
  void shouldReportAllMistakesTogether() {
    Map<String, String> values = new HashMap<>();
    values.putAll(Map.of(ENABLED, "maybe", PATHS, "a,/fine,b", PIECE_SIZE, "5MB", STREAMS, "0"));
    values.putAll(Map.of(GROUP, "", ROLE, "x", MowsKey.LOCATOR_ADDRESSES.key(), "a:1,b:2"));
    values.putAll(Map.of(MowsKey.CHANNEL.key(), "udp", MowsKey.SECRET_FILE.key(), "/missing"));
    MowsConfException refused = refused(values);

    assertEquals(10, refused.mistakes().size(), refused::getMessage);
    for (String mistake : refused.mistakes()) {
      assertTrue(refused.getMessage().contains(mistake), refused::getMessage);
    }
    for (String key : values.keySet()) {
      assertTrue(refused.getMessage().contains(key + "="), refused::getMessage);
    }
  }

  @Test
  void shouldReportAnEmptyPathListBesideOtherMistakes() {
    assertEquals(2, refused(Map.of(ENABLED, "maybe", PATHS, "")).mistakes().size());
  }

  @Test
  void shouldNotMindMistakesWhenItIsOff() {
    Map<String, String> values = Map.of(ENABLED, "false", PATHS, "", PIECE_SIZE, "5MB");
    assertFalse(MowsConf.of(values).enabled());
  }

  @Test
  void shouldReadAlluxiosConfiguration() {
    InstancedConfiguration conf = siteFile(Map.of(PATHS, "/models", STREAMS, "32"));
    MowsConf mows = MowsConf.read(conf);
    assertEquals("/models", mows.paths().toString());
    assertEquals(32, mows.originStreams());
    assertEquals(4 << 20, mows.pieceBytes(), "the default of what is not set");
  }

  @Test
  void shouldReadValuesThatReferToOtherKeys() {
    InstancedConfiguration conf = siteFile(Map.of(PATHS, "${alluxio.fuse.mount.alluxio.path}"));
    conf.set(PropertyKey.FUSE_MOUNT_ALLUXIO_PATH, "/models", Source.RUNTIME);
    assertEquals("/models", MowsConf.read(conf).paths().toString());
  }

  @Test
  void shouldReadDefaultsThatReferToAlluxiosProperties() {
    InstancedConfiguration conf = siteFile(Map.of("alluxio.work.dir", "/srv/a$1"));
    assertEquals(Path.of("/srv/a$1/mows/locator"), MowsConf.read(conf).locator().dir());
    conf = siteFile(Map.of("alluxio.home", "/home/alluxio"));
    assertEquals(Path.of("/home/alluxio/mows/locator"), MowsConf.read(conf).locator().dir());
  }

  @Test
  void shouldFindKeysItDoesNotKnow() {
    InstancedConfiguration conf =
        siteFile(
            Map.of(
                PATHS,
                "/models",
                "alluxio.mows.pathes",
                "/models",
                "alluxio.mows.origin.stream",
                "8",
                "alluxio.worker.ramdisk.size",
                "1GB"));
    assertEquals(
        Set.of("alluxio.mows.pathes", "alluxio.mows.origin.stream"), MowsConf.unknownKeys(conf));
  }

  @Test
  void shouldReadTheSiteTemplate() throws IOException {
    Properties template = new Properties();
    // What is commented out is there with its default.
    String text =
        Files.readString(Path.of("../conf-templates/alluxio-site.properties"))
            .replaceAll("(?m)^#(alluxio\\.)", "$1");
    template.load(new StringReader(text));
    for (MowsKey key : MowsKey.values()) {
      assertEquals(
          key.defaultValue(),
          template.getProperty(key.key()),
          () -> "conf-templates/alluxio-site.properties shows every key with its default: " + key);
    }
  }

  @Test
  void shouldKnowItsOwnKeys() {
    Properties all = new Properties();
    for (MowsKey key : MowsKey.values()) {
      assertTrue(key.key().startsWith(MowsKey.PREFIX), key::key);
      assertFalse(
          PropertyKey.getOrBuildCustom(key.key()).isBuiltIn(), "Alluxio has a key of this name");
      all.put(key.key(), key.defaultValue());
    }
    AlluxioProperties properties = new AlluxioProperties();
    properties.merge(all, Source.SYSTEM_PROPERTY);
    assertEquals(Set.of(), MowsConf.unknownKeys(new InstancedConfiguration(properties)));
  }

  private static InstancedConfiguration siteFile(Map<String, String> values) {
    Properties file = new Properties();
    file.putAll(values);
    AlluxioProperties properties = new AlluxioProperties();
    properties.merge(file, Source.siteProperty("alluxio-site.properties"));
    return new InstancedConfiguration(properties);
  }
}
