// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.fuse;

import alluxio.conf.AlluxioConfiguration;
import alluxio.conf.InstancedConfiguration;
import alluxio.conf.PropertyKey;
import alluxio.conf.Source;
import alluxio.fuse.AlluxioFuseUtils;
import alluxio.jnifuse.utils.LibfuseVersion;
import alluxio.jnifuse.utils.NativeLibraryLoader;
import java.io.IOException;
import jnr.ffi.LibraryLoader;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which libfuse to use: what the operator says, else 3 where it is installed, because its reads are
 * up to 1 MiB where those of 2 are 128 KiB.
 */
final class LibfuseChoice {
  private static final Logger LOG = LoggerFactory.getLogger(LibfuseChoice.class);

  private final LibfuseVersion version;
  private final int release;

  /**
   * @param release such as 314 for 3.14, or 0 if it is not known
   */
  LibfuseChoice(LibfuseVersion version, int release) {
    this.version = version;
    this.release = release;
  }

  /** What we call of libfuse itself. */
  public interface Libfuse {
    @SuppressWarnings("checkstyle:methodname")
    int fuse_version();
  }

  static LibfuseChoice choose(AlluxioConfiguration conf) throws IOException {
    boolean given = conf.isSetByUser(PropertyKey.FUSE_JNIFUSE_LIBFUSE_VERSION);
    LibfuseVersion version =
        given ? AlluxioFuseUtils.getLibfuseVersion(conf) : LibfuseVersion.VERSION_3;
    try {
      return load(version);
    } catch (UnsatisfiedLinkError e) {
      if (given) {
        throw e;
      }
      LOG.warn(
          "libfuse 3 cannot be used ({}), so the mount reads with libfuse 2, more slowly. Remedy:"
              + " install it, with 'apt-get install libfuse3-3' or 'yum install fuse3-libs'",
          e.getMessage());
      return load(LibfuseVersion.VERSION_2);
    }
  }

  private static LibfuseChoice load(LibfuseVersion version) throws IOException {
    // Not LibFuse.loadLibrary: after a failure that one waits for itself for ever.
    NativeLibraryLoader.getInstance().loadLibrary(version, System.getenv("JNIFUSE_SHAREDLIB_DIR"));
    int release = 0;
    if (version == LibfuseVersion.VERSION_3) {
      try {
        release = LibraryLoader.create(Libfuse.class).load("libfuse3.so.3").fuse_version();
      } catch (UnsatisfiedLinkError | RuntimeException e) {
        LOG.info("The release of libfuse 3 cannot be found out: {}", e.toString());
      }
    }
    return new LibfuseChoice(version, release);
  }

  LibfuseVersion version() {
    return version;
  }

  /** Since 3.12 the number of threads can be set; before there is no limit. */
  boolean limitsThreads() {
    return release >= 312;
  }

  AlluxioConfiguration applyTo(AlluxioConfiguration conf) {
    InstancedConfiguration copy = new InstancedConfiguration(conf.copyProperties());
    copy.set(
        PropertyKey.FUSE_JNIFUSE_LIBFUSE_VERSION,
        version == LibfuseVersion.VERSION_3 ? 3 : 2,
        Source.RUNTIME);
    return copy;
  }

  @Override
  public String toString() {
    return "libfuse "
        + (version == LibfuseVersion.VERSION_3 ? "3" : "2")
        + (release > 0 ? " (" + release + ")" : "");
  }
}
