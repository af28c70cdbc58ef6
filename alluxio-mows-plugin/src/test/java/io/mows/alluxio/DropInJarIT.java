// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio;

import static java.util.stream.Collectors.toList;
import static java.util.stream.Collectors.toSet;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.DataInputStream;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Opens the drop-in jar as it was packaged. The jar joins Alluxio's class path, where a class too
 * many shadows Alluxio's own.
 */
final class DropInJarIT {
  /** All that the jar may hold. Whoever bundles more says so here. */
  private static final Pattern ALLOWED =
      Pattern.compile(
          String.join(
              "|",
              "META-INF/(MANIFEST\\.MF|LICENSE|NOTICE)",
              "META-INF/services/[^/]+",
              // Its native library is ours, below io/mows.
              "com/ibm/disni/.+",
              "io/mows/.+",
              // Alluxio's shell looks for commands in this package.
              "alluxio/cli/fs/command/(Mows|DistributedLoad)[^/]*\\.class"));

  /** The class file version of Java 11, see JVM specification 4.1. */
  private static final int JAVA_11_CLASS_VERSION = 55;

  private static final int CLASS_MAGIC = 0xCAFEBABE;

  private JarFile jar;

  @BeforeEach
  void openJar() throws IOException {
    String path =
        Objects.requireNonNull(
            System.getProperty("mows.dropin.jar"), "mows.dropin.jar is set by the pom");
    jar = new JarFile(new File(path));
  }

  @AfterEach
  void closeJar() throws IOException {
    jar.close();
  }

  @Test
  void shouldHoldNothingButOurs() {
    List<String> foreign =
        files().stream()
            .map(JarEntry::getName)
            .filter(name -> !ALLOWED.matcher(name).matches())
            .collect(toList());
    assertEquals(List.of(), foreign, "entries that do not belong into " + jar.getName());
  }

  @Test
  void shouldHoldEveryClassOfTheThreeModules() throws IOException {
    Set<String> names = files().stream().map(JarEntry::getName).collect(toSet());
    List<String> missing =
        SourceTree.shippedClassNames().stream()
            .filter(name -> !names.contains(classFile(name)))
            .collect(toList());
    assertEquals(List.of(), missing, "classes missing in " + jar.getName());
  }

  @Test
  void shouldHoldEveryProviderItNames() throws IOException {
    List<String> missing = new ArrayList<>();
    for (JarEntry service : files()) {
      if (service.getName().startsWith("META-INF/services/")) {
        for (String provider : providers(service)) {
          if (jar.getEntry(classFile(provider)) == null) {
            missing.add(provider + " named by " + service.getName());
          }
        }
      }
    }
    assertEquals(List.of(), missing);
  }

  @Test
  void shouldRunOnJava11() throws IOException {
    for (JarEntry entry : files()) {
      if (entry.getName().endsWith(".class")) {
        try (DataInputStream in = new DataInputStream(jar.getInputStream(entry))) {
          assertEquals(CLASS_MAGIC, in.readInt(), entry.getName());
          in.readUnsignedShort(); // minor version
          int version = in.readUnsignedShort();
          assertTrue(
              version <= JAVA_11_CLASS_VERSION,
              () -> entry.getName() + " has class version " + version);
        }
      }
    }
  }

  /** Where it could be built, and in CI, it must be there. */
  @Test
  void shouldHoldTheNativeLibraryOfRdma() {
    boolean headers = new File("/usr/include/infiniband/verbs.h").exists();
    assumeTrue(headers || System.getenv("CI") != null, "the library was not built: no headers");
    String arch = System.getProperty("os.arch").equals("amd64") ? "x86_64" : "aarch_64";
    String name = "io/mows/channel/rdma/native/linux-" + arch + "/libdisni.so";
    assertTrue(jar.getEntry(name) != null, name);
    assertTrue(jar.getEntry("com/ibm/disni/verbs/RdmaCm.class") != null, "DiSNI");
  }

  @Test
  void shouldCarryItsLicence() {
    assertTrue(jar.getEntry("META-INF/LICENSE") != null, "META-INF/LICENSE");
    assertTrue(jar.getEntry("META-INF/NOTICE") != null, "META-INF/NOTICE");
  }

  private List<JarEntry> files() {
    return jar.stream().filter(entry -> !entry.isDirectory()).collect(toList());
  }

  private List<String> providers(JarEntry service) throws IOException {
    String text = new String(jar.getInputStream(service).readAllBytes(), StandardCharsets.UTF_8);
    return text.lines()
        .map(line -> line.replaceFirst("#.*", "").strip())
        .filter(line -> !line.isEmpty())
        .collect(toList());
  }

  private static String classFile(String className) {
    return className.replace('.', '/') + ".class";
  }
}
