// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.block;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.mows.p2p.fetch.FileSpec;
import io.mows.p2p.fetch.OriginRef;
import io.mows.p2p.piece.FileLayout;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class BrokenWeightsTest {
  private static final String WEB_PAGE = "<!DOCTYPE html><html>not found</html>";

  @TempDir private Path dir;
  private RealStore store;
  private AlluxioLocalStore space;
  private BrokenWeights weights;

  @BeforeEach
  void open() {
    store = new RealStore(dir, 10_000);
    space = new AlluxioLocalStore(store.store());
    weights = new BrokenWeights(space, file -> Optional.empty());
  }

  @AfterEach
  void close() throws IOException {
    space.close();
    store.close();
  }

  private static FileSpec file(int number, String name, int lengthBytes) {
    return new FileSpec(
        Ids.file(number),
        "/m/" + name,
        new FileLayout(lengthBytes, lengthBytes, 4096),
        List.of(Ids.block(number, 0)),
        new OriginRef(1, name, "", 0));
  }

  private FileSpec inMemory(int number, String name, String content) throws IOException {
    byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
    store.put(Ids.block(number, 0), bytes);
    return file(number, name, bytes.length);
  }

  @Test
  void shouldFindAWebPageInPlaceOfWeights() throws IOException {
    FileSpec broken = inMemory(1, "1.safetensors", WEB_PAGE);
    FileSpec text = inMemory(2, "page.html", WEB_PAGE);
    FileSpec cold = file(3, "2.safetensors", 100);
    assertEquals(
        Map.of("/m/1.safetensors", "it is a web page, which a server sent in place of the file"),
        weights.among(List.of(broken, text, cold)));
    assertEquals(Optional.empty(), weights.fault(cold), "nobody knows yet");
  }

  @Test
  void shouldFindAWebPageInPlaceOfAConfigurationAmongManyFilesThatAreNone() throws IOException {
    List<FileSpec> files = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      files.add(inMemory(i, i + ".txt", WEB_PAGE));
    }
    files.add(inMemory(40, "config.json", WEB_PAGE));
    files.add(inMemory(41, "tokenizer.json", "{}"));
    for (int looks = 0; looks < 2; looks++) {
      assertEquals(List.of("/m/config.json"), List.copyOf(weights.among(files).keySet()));
    }
  }
}
