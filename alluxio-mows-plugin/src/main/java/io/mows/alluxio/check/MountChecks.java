// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.check;

import io.mows.p2p.thread.Futures;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Whether the mount that was asked for is there, and for whom. Thread-safe. */
public final class MountChecks {
  private static final String SUBJECT = "mount";
  private static final String USERS = "mount's users";

  private final String where;
  private final Machine machine;
  private volatile Optional<Mounted> mounted = Optional.empty();
  private volatile String failure = "";

  /**
   * @param where the mount point
   */
  public MountChecks(String where) {
    this(where, new Machine(Path.of("/")));
  }

  MountChecks(String where, Machine machine) {
    this.where = where;
    this.machine = machine;
  }

  /** There is no mount, and there will be none. */
  public void failed(Throwable why) {
    failure = Futures.reasonOf(why);
  }

  /**
   * There is a mount.
   *
   * @param isForOthers whether users other than the worker's may use it
   * @param obstacle why nothing can be found in it; empty if nothing stands in the way
   */
  public void mounted(boolean isForOthers, Supplier<Optional<String>> obstacle) {
    mounted = Optional.of(new Mounted(isForOthers, obstacle));
  }

  /** Nothing as long as the worker is about to mount. */
  public List<Finding> run() {
    if (!failure.isEmpty()) {
      return List.of(
          Finding.problem(
              SUBJECT,
              "none at " + where + ": " + failure,
              "what it says; then restart the worker"));
    }
    List<Finding> findings = new ArrayList<>();
    mounted.ifPresent(
        mount -> {
          findings.add(
              mount
                  .obstacle
                  .get()
                  .map(
                      obstacle ->
                          Finding.problem(
                              SUBJECT,
                              obstacle,
                              "create it, or correct alluxio.fuse.mount.alluxio.path and restart"
                                  + " the worker"))
                  .orElse(Finding.ok(SUBJECT, where)));
          findings.add(
              mount.isForOthers
                  ? Finding.ok(USERS, "all users, as the modes of files allow")
                  : Finding.note(
                      USERS,
                      "only the worker's: others, such as engines that do not run as root, are"
                          + " refused",
                      "allow_other in alluxio.fuse.mount.options"));
          SharedMount.finding(Path.of(where), machine).ifPresent(findings::add);
        });
    return findings;
  }

  /** What is known of the mount. Immutable. */
  private static final class Mounted {
    private final boolean isForOthers;
    private final Supplier<Optional<String>> obstacle;

    Mounted(boolean isForOthers, Supplier<Optional<String>> obstacle) {
      this.isForOthers = isForOthers;
      this.obstacle = obstacle;
    }
  }
}
