// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.check;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import jnr.ffi.LibraryLoader;
import jnr.ffi.annotations.In;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Raises the number of files that this process may have open. The JVM has raised the soft limit to
 * the hard one; as root (with CAP_SYS_RESOURCE) the hard one can be raised, too. Stateless.
 */
public final class OpenFileLimit {
  private static final Logger LOG = LoggerFactory.getLogger(OpenFileLimit.class);

  /** Each block that is read and each connection takes one, and one that the kernel reads two. */
  static final long WANTED = 65_536;

  private static final int RLIMIT_NOFILE = 7;

  private OpenFileLimit() {}

  /** The C library's function under its own name; public because jnr-ffi implements it. */
  public interface LibC {
    int prlimit(int pid, int resource, @In ByteBuffer limit, @In ByteBuffer old);
  }

  /** What can be known and changed. */
  interface Limits {
    /** Empty string if it is not known. */
    String text(String file);

    /** Whether both limits are this now. */
    boolean set(long files);
  }

  /** Raises it if it is low and may be raised; says so. Any thread, at the start. */
  public static void raise() {
    raise(
        new Machine(Path.of("/")),
        new Limits() {
          @Override
          public String text(String file) {
            try {
              return Files.readString(Path.of(file)).strip();
            } catch (java.io.IOException e) {
              return "";
            }
          }

          @Override
          public boolean set(long files) {
            return OpenFileLimit.set(files);
          }
        });
  }

  /** Returns the limit that was set; 0 if none was. */
  static long raise(Machine machine, Limits limits) {
    long now = machine.openFiles().orElse(Machine.UNLIMITED);
    long most = number(limits.text("/proc/sys/fs/nr_open"));
    long wanted = Math.min(WANTED, most);
    if (now >= wanted) {
      return 0;
    }
    if (!limits.set(wanted)) {
      LOG.info(
          "This worker may have {} files open. Where it reads many at once, give it more: ulimit -Hn"
              + " {} before it starts; LimitNOFILE under systemd",
          now,
          WANTED);
      return 0;
    }
    LOG.info("This worker may have {} files open now, {} before", wanted, now);
    return wanted;
  }

  private static long number(String text) {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      return WANTED;
    }
  }

  private static boolean set(long files) {
    try {
      ByteBuffer limit = ByteBuffer.allocateDirect(16).order(ByteOrder.nativeOrder());
      limit.putLong(0, files).putLong(8, files);
      LibC libC = LibraryLoader.create(LibC.class).load("c");
      return libC.prlimit(0, RLIMIT_NOFILE, limit, null) == 0;
    } catch (RuntimeException | LinkageError e) {
      LOG.debug("The limit of open files cannot be set", e);
      return false;
    }
  }
}
