// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.mount;

/** What the mount table calls a mount that this worker has made without libfuse. */
public final class MountType {
  public static final String NAME = "fuse.mows";

  private MountType() {}
}
