// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;

/** Reads the small files of a model that say what belongs to it; what is no JSON says nothing. */
final class ModelJson {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  /** As in TensorRT-LLM's own configuration. */
  private static final int GPUS_PER_NODE = 8;

  private ModelJson() {}

  private static JsonNode parse(String text) {
    try {
      JsonNode node = MAPPER.readTree(text);
      return node == null ? MissingNode.getInstance() : node;
    } catch (JsonProcessingException e) {
      return MissingNode.getInstance();
    }
  }

  /** The files that {@code *.index.json} names, in the order in which engines read them. */
  static Set<String> shards(String text) {
    Set<String> files = new TreeSet<>(NaturalOrder.INSTANCE);
    for (JsonNode file : parse(text).path("weight_map")) {
      if (file.isTextual()) {
        files.add(file.asText());
      }
    }
    return files;
  }

  /** The sub-directories that {@code model_index.json} of diffusers names, in its order. */
  static List<String> components(String text) {
    List<String> components = new ArrayList<>();
    parse(text)
        .fields()
        .forEachRemaining(
            field -> {
              JsonNode value = field.getValue();
              boolean isComponent =
                  value.isArray() && value.size() == 2 && value.get(0).isTextual();
              if (isComponent && !field.getKey().startsWith("_")) {
                components.add(field.getKey());
              }
            });
    return components;
  }

  /** The sub-directories that {@code modules.json} of sentence-transformers names. */
  static List<String> modules(String text) {
    List<String> modules = new ArrayList<>();
    for (JsonNode module : parse(text)) {
      String path = module.path("path").asText();
      if (!path.isEmpty()) {
        modules.add(path);
      }
    }
    return modules;
  }

  /**
   * How many ranks an engine of TensorRT-LLM has on this machine; empty if they are spread over
   * several, of which nobody knows which one this is.
   */
  static OptionalInt localRanks(String text) {
    JsonNode config = parse(text);
    JsonNode mapping = config.path("pretrained_config").path("mapping");
    mapping = mapping.isMissingNode() ? config.path("mapping") : mapping;
    int ranks = mapping.path("world_size").asInt(0);
    int perNode = mapping.path("gpus_per_node").asInt(GPUS_PER_NODE);
    return ranks > 0 && ranks <= perNode ? OptionalInt.of(ranks) : OptionalInt.empty();
  }
}
