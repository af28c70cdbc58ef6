// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.check;

import alluxio.conf.PropertyKey;
import alluxio.util.FormatUtils;
import io.mows.p2p.fetch.FileSpec;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Says which files the kernel cannot read by itself, because they are several blocks. Stateless.
 */
public final class BlockSizeChecks {
  private BlockSizeChecks() {}

  /**
   * One finding for all of them, of the largest; none if there are none.
   *
   * @param files what the worker has been asked for; of files of the same path the latest counts,
   *     for a file that is listed again has the new block size
   */
  public static List<Finding> of(Collection<FileSpec> files) {
    Map<String, FileSpec> latest =
        files.stream()
            .collect(
                Collectors.toMap(
                    FileSpec::path,
                    Function.identity(),
                    BinaryOperator.maxBy(Comparator.comparingLong(FileSpec::fileId))));
    List<FileSpec> parted =
        latest.values().stream()
            .filter(file -> file.layout().blockCount() > 1)
            .collect(Collectors.toList());
    Optional<FileSpec> largest =
        parted.stream().max(Comparator.comparingLong(file -> file.layout().lengthBytes()));
    return largest.map(file -> List.of(finding(file, parted.size() - 1))).orElse(List.of());
  }

  private static Finding finding(FileSpec largest, int more) {
    return Finding.note(
        "passthrough",
        largest.path()
            + (more > 0 ? " and " + more + " more are" : " is")
            + " read through the worker, several times slower than the kernel reads by itself: "
            + largest.layout().blockCount()
            + " blocks, not one",
        remedy(largest));
  }

  /** What gives a file passthrough. */
  public static String remedy(FileSpec file) {
    return String.format(
        "on the master, %s of at least %s, more than the largest shard, before the models are"
            + " listed (or alluxio fs free and rm --alluxioOnly, and list them again)",
        PropertyKey.USER_BLOCK_SIZE_BYTES_DEFAULT,
        FormatUtils.getSizeFromBytes(file.layout().lengthBytes()));
  }
}
