// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.cli.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mows.alluxio.conf.PathPrefixes;
import io.mows.alluxio.model.Paths;
import io.mows.p2p.locator.LocatorStatus.FileStatus;
import io.mows.p2p.locator.LocatorStatus.GroupCoverage;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What each group has of one model: of the files of one directory that any peer announced. Files
 * that nobody has are not known to the locator and do not count. Immutable.
 */
final class ModelCoverage {
  private static final int FULL = 1000;

  private final String path;
  private final int fileCount;
  private final long lengthBytes;
  private final List<Group> groups;

  private ModelCoverage(String path, Collection<FileStatus> files) {
    this.path = path;
    this.fileCount = files.size();
    this.lengthBytes = files.stream().mapToLong(file -> file.file().lengthBytes()).sum();
    this.groups = groups(files, lengthBytes);
  }

  /** The models with files below {@code paths}, by path. */
  static List<ModelCoverage> of(List<FileStatus> files, PathPrefixes paths) {
    Map<String, Map<String, FileStatus>> byModel = new TreeMap<>();
    for (FileStatus file : files) {
      String path = file.file().path();
      if (paths.covers(path)) {
        // Of two versions of a file the newer one counts: Alluxio's ids grow.
        byModel
            .computeIfAbsent(Paths.parent(path), model -> new TreeMap<>())
            .merge(path, file, (a, b) -> a.file().id() > b.file().id() ? a : b);
      }
    }
    List<ModelCoverage> models = new ArrayList<>();
    byModel.forEach((path, newest) -> models.add(new ModelCoverage(path, newest.values())));
    return models;
  }

  private static List<Group> groups(Collection<FileStatus> files, long lengthBytes) {
    Map<String, List<GroupCoverage>> byName = new TreeMap<>();
    Map<String, Double> coveredBytes = new TreeMap<>();
    for (FileStatus file : files) {
      for (GroupCoverage group : file.groups()) {
        byName.computeIfAbsent(group.group(), name -> new ArrayList<>()).add(group);
        double covered = (double) group.bestPermille() * file.file().lengthBytes();
        coveredBytes.merge(group.group(), covered, Double::sum);
      }
    }
    List<Group> groups = new ArrayList<>();
    byName.forEach(
        (name, parts) -> groups.add(group(name, parts, files.size(), coveredBytes, lengthBytes)));
    return groups;
  }

  private static Group group(
      String name,
      List<GroupCoverage> parts,
      int fileCount,
      Map<String, Double> coveredBytes,
      long lengthBytes) {
    boolean hasAllFiles = parts.size() == fileCount;
    int complete = parts.stream().mapToInt(GroupCoverage::complete).min().orElse(0);
    int fetching = parts.stream().mapToInt(GroupCoverage::fetching).max().orElse(0);
    boolean isFull = hasAllFiles && parts.stream().allMatch(part -> part.bestPermille() == FULL);
    int permille =
        isFull ? FULL : (int) Math.min(FULL - 1, coveredBytes.get(name) / Math.max(1, lengthBytes));
    return new Group(name, hasAllFiles ? complete : 0, fetching, permille);
  }

  /** The directory. */
  String path() {
    return path;
  }

  int fileCount() {
    return fileCount;
  }

  long lengthBytes() {
    return lengthBytes;
  }

  /** By name; only groups that have some of it. */
  List<Group> groups() {
    return groups;
  }

  void write(ObjectNode json) {
    json.put("path", path).put("files", fileCount).put("bytes", lengthBytes);
    ArrayNode groupsJson = json.putArray("groups");
    for (Group group : groups) {
      groupsJson
          .addObject()
          .put("group", group.name)
          .put("completePeers", group.completePeers)
          .put("fetchingPeers", group.fetchingPeers)
          .put("bestPermille", group.bestPermille);
    }
  }

  /** What one group has of the model. Immutable. */
  static final class Group {
    private final String name;
    private final int completePeers;
    private final int fetchingPeers;
    private final int bestPermille;

    private Group(String name, int completePeers, int fetchingPeers, int bestPermille) {
      this.name = name;
      this.completePeers = completePeers;
      this.fetchingPeers = fetchingPeers;
      this.bestPermille = bestPermille;
    }

    String name() {
      return name;
    }

    /** How many peers have all of every file, at most. */
    int completePeers() {
      return completePeers;
    }

    /** How many peers are getting the same file, at most. */
    int fetchingPeers() {
      return fetchingPeers;
    }

    /**
     * What the best peer of each file has, in thousandths of all bytes; 1000 only if all is there.
     */
    int bestPermille() {
      return bestPermille;
    }
  }
}
