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

  private static final String RESTART = "what it says; then restart the worker";

  private final String where;
  private final boolean isAskedFor;
  private final Machine machine;
  private volatile Optional<Mounted> mounted = Optional.empty();
  private volatile String failure = "";

  /**
   * @param where the mount point
   * @param isAskedFor whether the worker is to mount at all
   */
  public MountChecks(String where, boolean isAskedFor) {
    this(where, isAskedFor, new Machine(Path.of("/")));
  }

  MountChecks(String where, boolean isAskedFor, Machine machine) {
    this.where = where;
    this.isAskedFor = isAskedFor;
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
   * @param closed what these others may not read, and its mode; empty if they may read all
   */
  public void mounted(
      boolean isForOthers, Supplier<Optional<String>> obstacle, Supplier<Optional<String>> closed) {
    mounted = Optional.of(new Mounted(isForOthers, obstacle, closed));
  }

  /** All that there is to say of a mount that is not there, in one finding. */
  public List<Finding> run() {
    if (!failure.isEmpty()) {
      return List.of(
          Finding.problem(
              SUBJECT,
              "none at " + where + ": " + failure,
              machine.hasFuse()
                  ? RESTART
                  : "/dev/fuse is missing or not readable: modprobe fuse, give containers the device"
                      + " /dev/fuse and SYS_ADMIN; then restart the worker"));
    }
    if (isAskedFor && mounted.isEmpty()) {
      return List.of(
          Finding.note(
              SUBJECT,
              "not yet at " + where + ": the worker is about to mount",
              "wait; if this stays so, see the worker's log"));
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
          findings.add(users(mount));
          SharedMount.finding(Path.of(where), machine).ifPresent(findings::add);
        });
    return findings;
  }

  private static Finding users(Mounted mount) {
    if (!mount.isForOthers) {
      return Finding.note(
          USERS,
          "only the worker's: others, such as engines that do not run as root, are refused",
          "allow_other in alluxio.fuse.mount.options");
    }
    return mount
        .closed
        .get()
        .map(
            path ->
                Finding.note(
                    USERS,
                    "all users, as the modes of files allow, and they do not allow all: " + path,
                    "if engines that do not run as root are to read it: alluxio fs chmod -R 755 on"
                        + " it, and for objects that Alluxio has not listed yet"
                        + " alluxio.underfs.oss.default.mode=755 (or .s3.) on the master"))
        .orElseGet(() -> Finding.ok(USERS, "all users, as the modes of files allow"));
  }

  /** What is known of the mount. Immutable. */
  private static final class Mounted {
    private final boolean isForOthers;
    private final Supplier<Optional<String>> obstacle;
    private final Supplier<Optional<String>> closed;

    Mounted(
        boolean isForOthers,
        Supplier<Optional<String>> obstacle,
        Supplier<Optional<String>> closed) {
      this.isForOthers = isForOthers;
      this.obstacle = obstacle;
      this.closed = closed;
    }
  }
}
