// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.master;

import alluxio.AlluxioURI;
import alluxio.client.file.FileSystem;
import alluxio.client.file.URIStatus;
import alluxio.exception.AlluxioException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;

/**
 * The files below a path, listed directory by directory. On a NAS a link such as {@code latest ->
 * .} makes a directory contain itself; Alluxio would follow that 40 levels deep and take each level
 * for other files. Here a directory that lists the same as one above it is not followed.
 *
 * <p>For one thread.
 */
public final class FileTree {
  private static final int MAX_DEPTH = 200;

  private final FileSystem fileSystem;
  private final Consumer<String> notFollowed;
  private final List<URIStatus> files = new ArrayList<>();

  private FileTree(FileSystem fileSystem, Consumer<String> notFollowed) {
    this.fileSystem = fileSystem;
    this.notFollowed = notFollowed;
  }

  /**
   * The files below {@code path}, or the file itself, by path.
   *
   * @param notFollowed told of directories that contain themselves
   */
  public static List<URIStatus> files(
      FileSystem fileSystem, String path, Consumer<String> notFollowed)
      throws IOException, AlluxioException {
    FileTree tree = new FileTree(fileSystem, notFollowed);
    tree.walk(tree.list(path), List.of());
    tree.files.sort(Comparator.comparing(URIStatus::getPath));
    return tree.files;
  }

  private List<URIStatus> list(String path) throws IOException, AlluxioException {
    List<URIStatus> listed = new ArrayList<>(fileSystem.listStatus(new AlluxioURI(path)));
    listed.sort(Comparator.comparing(URIStatus::getName));
    return listed;
  }

  private void walk(List<URIStatus> children, List<List<URIStatus>> above)
      throws IOException, AlluxioException {
    List<List<URIStatus>> here = new ArrayList<>(above);
    here.add(children);
    for (URIStatus child : children) {
      if (!child.isFolder()) {
        files.add(child);
        continue;
      }
      List<URIStatus> below = list(child.getPath());
      if (above.size() >= MAX_DEPTH || isOneOf(below, here)) {
        notFollowed.accept(child.getPath());
      } else {
        walk(below, here);
      }
    }
  }

  private boolean isOneOf(List<URIStatus> listed, List<List<URIStatus>> above)
      throws IOException, AlluxioException {
    for (List<URIStatus> ancestor : above) {
      if (isSame(listed, ancestor) && isSameBelow(listed, ancestor)) {
        return true;
      }
    }
    return false;
  }

  /** Names alone say little: where there are no files, what lies below has to be the same, too. */
  private boolean isSameBelow(List<URIStatus> one, List<URIStatus> other)
      throws IOException, AlluxioException {
    if (one.isEmpty()) {
      return false;
    }
    if (one.stream().anyMatch(status -> !status.isFolder())) {
      return true;
    }
    for (int i = 0; i < one.size(); i++) {
      if (!isSame(list(one.get(i).getPath()), list(other.get(i).getPath()))) {
        return false;
      }
    }
    return true;
  }

  private static boolean isSame(List<URIStatus> one, List<URIStatus> other) {
    if (one.size() != other.size()) {
      return false;
    }
    for (int i = 0; i < one.size(); i++) {
      URIStatus a = one.get(i);
      URIStatus b = other.get(i);
      boolean isSame =
          a.getName().equals(b.getName())
              && a.isFolder() == b.isFolder()
              && (a.isFolder()
                  || (a.getLength() == b.getLength()
                      && a.getLastModificationTimeMs() == b.getLastModificationTimeMs()));
      if (!isSame) {
        return false;
      }
    }
    return true;
  }
}
