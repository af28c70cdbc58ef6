// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.archive;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** What this process's Java virtual machine says and does about archives of classes. */
interface Jvm {
  /** The feature release, such as 17. */
  int release();

  /** Those of the command line, as the user gave them, without the class path. */
  List<String> options();

  /** The entries of the class path. */
  List<Path> classPath();

  /** Whether it has mapped this file, as it does with an archive that it takes. */
  boolean hasMapped(Path file);

  /**
   * Writes an archive of the classes that are loaded now, in another process; takes some ten
   * seconds of the processor, at the lowest priority.
   *
   * @param file has other files beside it meanwhile, whose names begin with its own
   */
  void archive(Path file) throws IOException;
}
