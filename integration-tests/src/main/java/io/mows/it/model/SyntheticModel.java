// SPDX-License-Identifier: Apache-2.0
package io.mows.it.model;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32;

/**
 * Writes directories that look like a downloaded Hugging Face model: safetensors shards with an
 * index, the small JSON files beside them and {@code crc32.txt}. Weights are incompressible
 * pseudo-random bytes. The same arguments always give the same bytes. Every file is a valid one of
 * its kind, but the weights mean nothing and the last tensor of a shard is cut to fit its length.
 */
public final class SyntheticModel {
  private static final int CHUNK_BYTES = 1 << 20;
  private static final ObjectMapper JSON =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  private final Path dir;
  private final List<ModelDescription.ModelFile> files = new ArrayList<>();
  private final Map<String, String> shardByTensor = new TreeMap<>();
  private long tensorBytes;

  private SyntheticModel(Path dir) {
    this.dir = dir;
  }

  /**
   * Writes a model into {@code dir}, which is created if needed; files of the same names are
   * overwritten, others are left alone.
   *
   * @param totalBytes length of all shards together, headers included; rounded up to a multiple of
   *     8. The small files come on top.
   * @param shards number of shards; their lengths differ by at most 8 bytes
   * @throws IllegalArgumentException if a shard would be too small for a header and a tensor
   */
  public static ModelDescription write(Path dir, long totalBytes, int shards, long seed)
      throws IOException {
    if (shards < 1 || shards > 99_999 || totalBytes < 1 || totalBytes > Long.MAX_VALUE - 8) {
      throw new IllegalArgumentException(
          "cannot split " + totalBytes + " bytes into " + shards + " shards (1 to 99999)");
    }
    TransformerTensors tensors = TransformerTensors.forTotalBytes(totalBytes);
    // Planned before the first byte is written, so that bad arguments leave nothing behind.
    List<ShardTensors> plans = new ArrayList<>();
    long units = (totalBytes + Long.BYTES - 1) / Long.BYTES;
    for (int index = 0; index < shards; index++) {
      long shardUnits = units / shards + (index < units % shards ? 1 : 0);
      plans.add(ShardTensors.fill(tensors, shardUnits * Long.BYTES));
    }
    Files.createDirectories(dir);
    SyntheticModel model = new SyntheticModel(dir);
    for (int index = 0; index < shards; index++) {
      String name = String.format("model-%05d-of-%05d.safetensors", index + 1, shards);
      model.writeShard(name, plans.get(index), new RandomBytes(seed, index));
    }
    model.writeSmallFiles(tensors);
    Map<String, Integer> crcs = new TreeMap<>();
    model.files.forEach(file -> crcs.put(file.path(), file.crc32()));
    new CrcManifest(crcs).write(dir);
    return new ModelDescription(dir, model.files);
  }

  private void writeShard(String name, ShardTensors plan, RandomBytes random) throws IOException {
    CRC32 crc = new CRC32();
    ByteBuffer header = plan.header();
    long lengthBytes = header.remaining() + plan.dataBytes();
    try (WritableByteChannel out =
        Files.newByteChannel(
            dir.resolve(name),
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      writeFully(out, header, crc);
      ByteBuffer chunk = ByteBuffer.allocateDirect(CHUNK_BYTES);
      for (long left = plan.dataBytes(); left > 0; left -= chunk.limit()) {
        random.fill(chunk);
        chunk.limit((int) Math.min(left, CHUNK_BYTES));
        writeFully(out, chunk, crc);
      }
    }
    files.add(new ModelDescription.ModelFile(name, lengthBytes, (int) crc.getValue()));
    plan.tensors().forEach(tensor -> shardByTensor.put(tensor.name(), name));
    tensorBytes += plan.dataBytes();
  }

  private static void writeFully(WritableByteChannel out, ByteBuffer bytes, CRC32 crc)
      throws IOException {
    crc.update(bytes.duplicate());
    while (bytes.hasRemaining()) {
      out.write(bytes);
    }
  }

  private void writeSmallFiles(TransformerTensors tensors) throws IOException {
    ObjectNode index = JSON.createObjectNode();
    index.putObject("metadata").put("total_size", tensorBytes);
    ObjectNode weightMap = index.putObject("weight_map");
    shardByTensor.forEach(weightMap::put);
    writeJson("model.safetensors.index.json", index);
    writeJson("config.json", config(tensors));
    ObjectNode generation = JSON.createObjectNode();
    generation.put("bos_token_id", 1).put("eos_token_id", 2).put("do_sample", true);
    writeJson("generation_config.json", generation);
    ObjectNode tokenizerConfig = JSON.createObjectNode();
    tokenizerConfig.put("tokenizer_class", "PreTrainedTokenizerFast").put("bos_token", "<s>");
    tokenizerConfig.put("eos_token", "</s>").put("unk_token", "<unk>");
    writeJson("tokenizer_config.json", tokenizerConfig);
    writeJson("tokenizer.json", tokenizer());
  }

  private static ObjectNode config(TransformerTensors tensors) {
    int heads = Math.max(4, tensors.hidden() / 128);
    ObjectNode config = JSON.createObjectNode();
    config.putArray("architectures").add("LlamaForCausalLM");
    config.put("model_type", "llama").put("torch_dtype", "bfloat16").put("hidden_act", "silu");
    config.put("hidden_size", tensors.hidden());
    config.put("intermediate_size", tensors.intermediate());
    config.put("num_hidden_layers", tensors.layers());
    config.put("num_attention_heads", heads).put("num_key_value_heads", heads / 4);
    config.put("vocab_size", tensors.vocabulary()).put("max_position_embeddings", 4096);
    config.put("rms_norm_eps", 1e-5).put("tie_word_embeddings", false);
    return config;
  }

  private static ObjectNode tokenizer() {
    ObjectNode tokenizer = JSON.createObjectNode();
    tokenizer.put("version", "1.0");
    ObjectNode vocabulary = tokenizer.putObject("model").put("type", "BPE").putObject("vocab");
    vocabulary.put("<unk>", 0).put("<s>", 1).put("</s>", 2);
    tokenizer.with("model").putArray("merges");
    return tokenizer;
  }

  private void writeJson(String name, ObjectNode json) throws IOException {
    byte[] bytes = JSON.writeValueAsBytes(json);
    Files.write(dir.resolve(name), bytes);
    CRC32 crc = new CRC32();
    crc.update(bytes);
    files.add(new ModelDescription.ModelFile(name, bytes.length, (int) crc.getValue()));
  }
}
