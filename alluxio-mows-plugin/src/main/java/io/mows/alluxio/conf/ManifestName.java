// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.conf;

/** Which files are manifests: those of one name, whatever is in them. */
public final class ManifestName {
  private ManifestName() {}

  /**
   * Whether the file with this path is one.
   *
   * @param name what manifests are called
   */
  public static boolean isOf(String path, String name) {
    return path.endsWith("/" + name);
  }
}
