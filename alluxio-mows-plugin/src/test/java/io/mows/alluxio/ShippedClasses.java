// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.Location;
import java.util.regex.Pattern;

/** The bytecode of the three modules whose classes go into the drop-in jar. */
final class ShippedClasses {
  /** Where our commands are: Alluxio's shell finds commands in no other package. */
  static final String COMMANDS = "alluxio.cli.fs.command";

  // Alluxio's own commands share the package of ours, so the package does not tell whose a class
  // is.
  private static final Pattern SHIPPED =
      Pattern.compile(
          ".*/(data-channel|p2p-worker|alluxio-mows-plugin)"
              + "(/target/classes/|(/target|/[^/]+)/[^/]+\\.jar!/).*");

  /** Read once: it takes seconds. */
  static final JavaClasses ALL =
      new ClassFileImporter()
          .withImportOption(ShippedClasses::isShipped)
          .importPackages("io.mows", COMMANDS);

  private ShippedClasses() {}

  private static boolean isShipped(Location location) {
    return location.matches(SHIPPED);
  }

  /** Returns the name of the class whose file the class is written in. */
  static String outermostName(JavaClass nested) {
    return nested.getEnclosingClass().map(ShippedClasses::outermostName).orElseGet(nested::getName);
  }
}
