// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.fuse;

import static org.junit.jupiter.api.Assertions.assertEquals;

import alluxio.conf.AlluxioProperties;
import alluxio.conf.InstancedConfiguration;
import alluxio.conf.PropertyKey;
import alluxio.conf.Source;
import alluxio.jnifuse.utils.LibfuseVersion;
import org.junit.jupiter.api.Test;

final class LibfuseChoiceTest {
  @Test
  void shouldTellAlluxioWhichOneAndNothingElse() {
    InstancedConfiguration conf = new InstancedConfiguration(new AlluxioProperties());
    conf.set(PropertyKey.FUSE_JNIFUSE_LIBFUSE_VERSION, 2);
    conf.set(PropertyKey.FUSE_MOUNT_POINT, "/mnt/models", Source.RUNTIME);

    LibfuseChoice choice = new LibfuseChoice(LibfuseVersion.VERSION_3, 314);

    assertEquals(3, choice.applyTo(conf).getInt(PropertyKey.FUSE_JNIFUSE_LIBFUSE_VERSION));
    assertEquals("/mnt/models", choice.applyTo(conf).getString(PropertyKey.FUSE_MOUNT_POINT));
    assertEquals(2, conf.getInt(PropertyKey.FUSE_JNIFUSE_LIBFUSE_VERSION), "the original");
  }

  @Test
  void shouldNameTheReleaseWhenItIsKnown() {
    assertEquals("libfuse 3 (314)", new LibfuseChoice(LibfuseVersion.VERSION_3, 314).toString());
    assertEquals("libfuse 2", new LibfuseChoice(LibfuseVersion.VERSION_2, 0).toString());
  }
}
