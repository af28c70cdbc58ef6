// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.check;

import java.nio.file.Path;
import java.util.Optional;

/**
 * Whether a mount comes back by itself in containers when the worker has been restarted: the new
 * mount is another one, and the kernel passes it on only from shared mounts, to those who have
 * bound the directory above as a slave. Stateless.
 */
final class SharedMount {
  private static final String SUBJECT = "mount in containers";

  private SharedMount() {}

  /**
   * @param where the mount point
   * @param machine tells what is mounted
   */
  static Optional<Finding> finding(Path where, Machine machine) {
    Path above = where.getParent() == null ? where : where.getParent();
    return machine
        .mountOf(where)
        .filter(mount -> mount.point().equals(where))
        .map(
            mount ->
                mount.isShared()
                    ? Finding.ok(
                        SUBJECT,
                        "passed on: containers that bind "
                            + above
                            + " with rslave (Kubernetes: HostToContainer) see it again after a"
                            + " restart of this worker; those that bind "
                            + where
                            + " itself never do")
                    : Finding.note(
                        SUBJECT,
                        "not passed on: "
                            + above
                            + " is on a private mount, so containers that run"
                            + " when this worker is restarted keep a dead one (ENOTCONN)",
                        "mount --bind "
                            + above
                            + " "
                            + above
                            + " && mount --make-shared "
                            + above
                            + " before the worker starts (Kubernetes: mountPropagation:"
                            + " Bidirectional for the worker); bind "
                            + above
                            + ", and not "
                            + where
                            + ", with rslave (HostToContainer) in containers"));
  }
}
