// SPDX-License-Identifier: Apache-2.0
package io.mows.it.origin;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A bucket whose objects are the regular files under a directory, looked at anew by every call.
 * Symbolic links are followed; directories are no objects. Immutable, thread-safe.
 */
final class BucketDirectory {
  /** OSS orders keys by their UTF-8 bytes. */
  private static final Comparator<String> KEY_ORDER =
      Comparator.comparing(key -> key.getBytes(StandardCharsets.UTF_8), Arrays::compareUnsigned);

  private static final int OPEN_ATTEMPTS = 100;

  private final String name;
  private final Path root;

  BucketDirectory(String name, Path root) {
    this.name = name;
    this.root = root;
  }

  String name() {
    return name;
  }

  Optional<StoredObject> find(String key) throws IOException {
    Optional<Path> file = fileOf(key);
    if (file.isEmpty()) {
      return Optional.empty();
    }
    try {
      BasicFileAttributes attributes = Files.readAttributes(file.get(), BasicFileAttributes.class);
      return attributes.isRegularFile()
          ? Optional.of(new StoredObject(key, file.get(), attributes))
          : Optional.empty();
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  /** The object with its file open, so that both are of one version; empty if there is none. */
  Optional<OpenObject> open(String key) throws IOException {
    for (int attempt = 0; attempt < OPEN_ATTEMPTS; attempt++) {
      Optional<StoredObject> before = find(key);
      if (before.isEmpty()) {
        return Optional.empty();
      }
      try {
        FileChannel channel = FileChannel.open(before.get().file());
        Optional<StoredObject> after = find(key);
        if (after.isPresent() && after.get().etag().equals(before.get().etag())) {
          return Optional.of(new OpenObject(before.get(), channel));
        }
        channel.close();
      } catch (NoSuchFileException e) {
        continue;
      }
    }
    throw new IOException(name + "/" + key + " changes too fast to be served");
  }

  /**
   * One page of ListObjects.
   *
   * @param delimiter empty for none
   * @param after the page holds what is ordered behind this entry; empty for the first page
   */
  Listing list(String prefix, String delimiter, String after, int maxKeys) throws IOException {
    // Value null: a common prefix.
    TreeMap<String, StoredObject> entries = new TreeMap<>(KEY_ORDER);
    for (StoredObject object : objectsUnder(prefix)) {
      int end = delimiter.isEmpty() ? -1 : object.key().indexOf(delimiter, prefix.length());
      if (end < 0) {
        entries.put(object.key(), object);
      } else {
        entries.put(object.key().substring(0, end + delimiter.length()), null);
      }
    }
    List<StoredObject> objects = new ArrayList<>();
    List<String> commonPrefixes = new ArrayList<>();
    String last = null;
    for (var entry : entries.tailMap(after, false).entrySet()) {
      if (objects.size() + commonPrefixes.size() == maxKeys) {
        return new Listing(objects, commonPrefixes, last);
      }
      last = entry.getKey();
      if (entry.getValue() == null) {
        commonPrefixes.add(last);
      } else {
        objects.add(entry.getValue());
      }
    }
    return new Listing(objects, commonPrefixes, null);
  }

  private List<StoredObject> objectsUnder(String prefix) throws IOException {
    String dirKey = prefix.substring(0, prefix.lastIndexOf('/') + 1);
    Optional<Path> start =
        dirKey.isEmpty() ? Optional.of(root) : fileOf(dirKey.substring(0, dirKey.length() - 1));
    List<StoredObject> objects = new ArrayList<>();
    if (start.isPresent() && Files.isDirectory(start.get())) {
      Files.walkFileTree(
          start.get(),
          EnumSet.of(FileVisitOption.FOLLOW_LINKS),
          Integer.MAX_VALUE,
          new Collector(prefix, objects));
    }
    return objects;
  }

  /** Empty if no file can have this key: a path with {@code ..}, {@code //} and the like. */
  private Optional<Path> fileOf(String key) {
    for (String segment : key.split("/", -1)) {
      if (segment.isEmpty() || segment.equals(".") || segment.equals("..")) {
        return Optional.empty();
      }
    }
    try {
      return Optional.of(root.resolve(key));
    } catch (InvalidPathException e) {
      return Optional.empty();
    }
  }

  private final class Collector extends SimpleFileVisitor<Path> {
    private final String prefix;
    private final List<StoredObject> objects;

    private Collector(String prefix, List<StoredObject> objects) {
      this.prefix = prefix;
      this.objects = objects;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
      String key = root.relativize(file).toString();
      if (attributes.isRegularFile() && key.startsWith(prefix)) {
        objects.add(new StoredObject(key, file, attributes));
      }
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException error) {
      // Deleted while we walk, a dangling link or a loop of links: not an object.
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path dir, IOException error) {
      return FileVisitResult.CONTINUE;
    }
  }
}
