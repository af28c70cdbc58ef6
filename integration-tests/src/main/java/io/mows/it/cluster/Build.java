// SPDX-License-Identifier: Apache-2.0
package io.mows.it.cluster;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarFile;

/** Where the build of this project put what clusters are made of. */
public final class Build {
  private static final String HOOK = "META-INF/services/alluxio.worker.WorkerFactory";
  private static final String REMEDY = "; build the project: mvn -DskipTests package";

  private Build() {}

  /** The directory where integration-tests was built: {@code target}, or that of a quick build. */
  public static Path target() throws IOException {
    return ownCode().getParent();
  }

  /** The directory that holds all modules. */
  public static Path checkout() throws IOException {
    return target().getParent().getParent();
  }

  /**
   * The class path of Alluxio 2.9.6 without any class of ours, so that a stock process is stock;
   * entries separated by {@link java.io.File#pathSeparator}.
   *
   * @throws IOException if it is missing: the module was not built
   */
  public static String alluxioClassPath() throws IOException {
    Path file = target().resolve("alluxio-classpath.txt");
    if (!Files.exists(file)) {
      throw new IOException(file + " is missing" + REMEDY);
    }
    return Files.readString(file).trim();
  }

  /**
   * The drop-in jar.
   *
   * @throws IOException if it is missing, or would do nothing in a worker
   */
  public static Path dropInJar() throws IOException {
    Path dir = checkout().resolve("alluxio-mows-plugin").resolve(target().getFileName());
    List<Path> found = new ArrayList<>();
    if (Files.isDirectory(dir)) {
      // The digit tells it from alluxio-mows-plugin-(version).jar, a part of it.
      try (DirectoryStream<Path> jars = Files.newDirectoryStream(dir, "alluxio-mows-[0-9]*.jar")) {
        jars.forEach(found::add);
      }
    }
    if (found.size() != 1) {
      throw new IOException(
          "expected one alluxio-mows-(version).jar in " + dir + ", found " + found + REMEDY);
    }
    return checkDropInJar(found.get(0));
  }

  /**
   * Checks that workers will load a jar: without its hook a cluster would silently be stock.
   *
   * @return the jar
   * @throws IOException if it is missing or has no hook
   */
  static Path checkDropInJar(Path jar) throws IOException {
    if (!Files.exists(jar)) {
      throw new IOException(jar + " does not exist" + REMEDY);
    }
    try (JarFile file = new JarFile(jar.toFile())) {
      if (file.getEntry(HOOK) == null) {
        throw new IOException(jar + " has no " + HOOK + ", so workers would ignore it" + REMEDY);
      }
    }
    return jar;
  }

  /** Where the classes of this module are: a directory or a jar, in {@link #target()}. */
  static Path ownCode() throws IOException {
    try {
      return Path.of(Build.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IOException("cannot tell where the classes of integration-tests are", e);
    }
  }
}
