// SPDX-License-Identifier: Apache-2.0
package io.mows.it.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SyntheticModelTest {
  private static final long SEED = 7;

  @TempDir Path dir;

  @ParameterizedTest
  @CsvSource({"8192, 1", "100001, 3", "3145728, 4", "20000000, 7"})
  void shouldWriteValidShardsOfTheAskedTotal(long totalBytes, int shards) throws IOException {
    ModelDescription model = SyntheticModel.write(dir, totalBytes, shards, SEED);

    List<ModelDescription.ModelFile> shardFiles = shardsOf(model);
    assertEquals(shards, shardFiles.size());
    long roundedUp = (totalBytes + 7) / 8 * 8;
    assertEquals(
        roundedUp, shardFiles.stream().mapToLong(ModelDescription.ModelFile::lengthBytes).sum());
    for (ModelDescription.ModelFile file : shardFiles) {
      assertEquals(file.lengthBytes(), Files.size(dir.resolve(file.path())));
      SafetensorsFile shard = SafetensorsFile.read(dir.resolve(file.path()));
      assertEquals(0, shard.dataOffset() % 8);
      assertFalse(shard.tensors().isEmpty());
    }
  }

  @Test
  void shouldIndexEveryTensorOnce() throws IOException {
    ModelDescription model = SyntheticModel.write(dir, 5_000_000, 4, SEED);

    JsonNode index =
        new ObjectMapper().readTree(dir.resolve("model.safetensors.index.json").toFile());
    Map<String, String> found = new HashMap<>();
    long tensorBytes = 0;
    for (ModelDescription.ModelFile file : shardsOf(model)) {
      for (TensorInfo tensor : SafetensorsFile.read(dir.resolve(file.path())).tensors()) {
        assertEquals(null, found.put(tensor.name(), file.path()), tensor.name());
        tensorBytes += tensor.lengthBytes();
      }
    }
    assertEquals(tensorBytes, index.at("/metadata/total_size").asLong());
    assertEquals(found, new ObjectMapper().convertValue(index.get("weight_map"), Map.class));
    assertTrue(found.containsKey("model.layers.0.self_attn.q_proj.weight"), found.toString());
  }

  @Test
  void shouldMatchItsOwnManifest() throws IOException {
    ModelDescription model = SyntheticModel.write(dir, 300_000, 2, SEED);

    assertEquals(List.of(), CrcManifest.verify(dir));
    assertEquals(
        model.files().stream()
            .collect(
                Collectors.toMap(
                    ModelDescription.ModelFile::path, ModelDescription.ModelFile::crc32)),
        CrcManifest.read(dir).crcByPath());
    assertEquals(
        List.of(
            "config.json",
            "generation_config.json",
            "model-00001-of-00002.safetensors",
            "model-00002-of-00002.safetensors",
            "model.safetensors.index.json",
            "tokenizer.json",
            "tokenizer_config.json"),
        List.copyOf(CrcManifest.read(dir).crcByPath().keySet()));
  }

  @Test
  void shouldDependOnNothingButItsArguments() throws IOException {
    ModelDescription first = SyntheticModel.write(dir.resolve("a"), 200_000, 2, SEED);
    ModelDescription again = SyntheticModel.write(dir.resolve("b"), 200_000, 2, SEED);
    ModelDescription other = SyntheticModel.write(dir.resolve("c"), 200_000, 2, SEED + 1);

    assertEquals(first.files().toString(), again.files().toString());
    String shard = first.files().get(0).path();
    assertArrayEquals(
        Files.readAllBytes(dir.resolve("a").resolve(shard)),
        Files.readAllBytes(dir.resolve("b").resolve(shard)));
    assertTrue(first.files().get(0).crc32() != other.files().get(0).crc32());
    assertTrue(first.files().get(0).crc32() != first.files().get(1).crc32());
  }

  @Test
  void shouldNotCompress() throws IOException {
    ModelDescription model = SyntheticModel.write(dir, 2_000_000, 1, SEED);
    byte[] shard = Files.readAllBytes(dir.resolve(model.files().get(0).path()));

    ByteArrayOutputStream compressed = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(compressed)) {
      gzip.write(shard);
    }
    assertTrue(compressed.size() > shard.length * 0.99, compressed.size() + " of " + shard.length);
  }

  @Test
  void shouldRefuseShardsWithoutRoomForATensor() {
    IllegalArgumentException error =
        assertThrows(
            IllegalArgumentException.class, () -> SyntheticModel.write(dir, 1000, 4, SEED));
    assertTrue(error.getMessage().contains("fewer shards"), error.getMessage());
    assertEquals(0, dir.toFile().list().length);
  }

  private static List<ModelDescription.ModelFile> shardsOf(ModelDescription model) {
    return model.files().stream()
        .filter(file -> file.path().endsWith(".safetensors"))
        .collect(Collectors.toList());
  }
}
