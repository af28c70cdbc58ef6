// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.conf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import alluxio.conf.AlluxioProperties;
import alluxio.conf.InstancedConfiguration;
import alluxio.conf.PropertyKey;
import alluxio.conf.Source;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
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
  private static final String STREAMS = "alluxio.mows.origin.streams";

  private static MowsConfException refused(Map<String, String> values) {
    return assertThrows(MowsConfException.class, () -> MowsConf.of(values));
  }

  /** The one mistake names the key, the value and what to do. */
  private static void assertRefused(String key, String value, String remedy) {
    MowsConfException refused = refused(Map.of(key, value));
    assertEquals(1, refused.mistakes().size(), refused::getMessage);
    String mistake = refused.mistakes().get(0);
    assertTrue(mistake.startsWith(key + "=" + value.trim() + ": "), mistake);
    assertTrue(mistake.contains(remedy), mistake);
  }

  @Test
  void shouldWorkWithNothingSet() {
    MowsConf conf = MowsConf.of(Map.of());
    assertTrue(conf.enabled());
    assertEquals("/", conf.paths().toString());
    assertEquals(4 << 20, conf.pieceBytes());
    assertEquals(16, conf.originStreams());
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

  @Test
  void shouldReportAllMistakesTogether() {
    MowsConfException refused =
        refused(Map.of(ENABLED, "maybe", PATHS, "a,/fine,b", PIECE_SIZE, "5MB", STREAMS, "0"));

    assertEquals(5, refused.mistakes().size(), refused::getMessage);
    for (String mistake : refused.mistakes()) {
      assertTrue(refused.getMessage().contains(mistake), refused::getMessage);
    }
    for (String key : Set.of(ENABLED, PATHS, PIECE_SIZE, STREAMS)) {
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
