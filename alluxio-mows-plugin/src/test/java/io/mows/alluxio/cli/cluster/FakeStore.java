// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.cli.cluster;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Files in memory. */
public final class FakeStore implements ModelStore {
  private final Map<String, byte[]> files = new TreeMap<>();
  private final Map<String, byte[]> cached = new HashMap<>();
  private final Map<String, String> failures = new HashMap<>();

  public FakeStore put(String path, String content) {
    files.put(path, content.getBytes(StandardCharsets.UTF_8));
    return this;
  }

  /** What is in memory is something else. */
  public FakeStore cache(String path, String content) {
    cached.put(path, content.getBytes(StandardCharsets.UTF_8));
    return this;
  }

  public FakeStore fail(String path, String why) {
    failures.put(path, why);
    return this;
  }

  @Override
  public List<StoredFile> list(String path) throws IOException {
    List<StoredFile> found = new ArrayList<>();
    files.forEach(
        (name, content) -> {
          if (name.equals(path) || name.startsWith(path.equals("/") ? "/" : path + "/")) {
            found.add(new StoredFile(name, content.length, "w1:30000"));
          }
        });
    if (found.isEmpty()) {
      throw new IOException(path + " cannot be listed: it does not exist");
    }
    return found;
  }

  @Override
  public Optional<StoredFile> find(String path) {
    return Optional.ofNullable(files.get(path))
        .map(content -> new StoredFile(path, content.length, "w1:30000"));
  }

  @Override
  public InputStream open(String path) throws IOException {
    if (failures.containsKey(path)) {
      throw new IOException(failures.get(path));
    }
    return new ByteArrayInputStream(cached.getOrDefault(path, files.get(path)));
  }

  @Override
  public InputStream openAtOrigin(String path) {
    return new ByteArrayInputStream(files.get(path));
  }
}
