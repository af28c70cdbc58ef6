// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Reads manifests with Kubernetes' own model, and finds what that does not know: Kubernetes takes a
 * misspelt field without a word.
 */
final class KubernetesModel {
  private static final YAMLMapper YAML = new YAMLMapper();
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Map<String, Class<? extends HasMetadata>> KINDS =
      Map.of(
          "ConfigMap", ConfigMap.class,
          "DaemonSet", DaemonSet.class,
          "Deployment", Deployment.class,
          "Secret", Secret.class,
          "Service", Service.class,
          "StatefulSet", StatefulSet.class);

  private KubernetesModel() {}

  /** The documents of a file, as they stand there. */
  static List<JsonNode> documents(Path file) throws IOException {
    return documents(Files.readString(file));
  }

  static List<JsonNode> documents(String yaml) throws IOException {
    try (MappingIterator<JsonNode> all = YAML.readerFor(JsonNode.class).readValues(yaml)) {
      return all.readAll();
    }
  }

  /** Whether this knows what such a document may say. */
  static boolean isKnown(JsonNode document) {
    return KINDS.containsKey(document.path("kind").asText());
  }

  static <T extends HasMetadata> T read(JsonNode document, Class<T> kind) throws IOException {
    return JSON.treeToValue(document, kind);
  }

  /** The fields that Kubernetes does not have, as paths. */
  static List<String> unknown(JsonNode document) throws JsonProcessingException {
    HasMetadata resource = JSON.treeToValue(document, KINDS.get(document.path("kind").asText()));
    JsonNode known = JSON.valueToTree(resource);
    dropAdditional(resource, known);
    List<String> unknown = new ArrayList<>();
    findUnknown("", document, known, unknown);
    return unknown;
  }

  /** What the model takes in and gives back is what it knows. */
  private static void findUnknown(String at, JsonNode given, JsonNode known, List<String> unknown) {
    Iterator<Map.Entry<String, JsonNode>> fields = given.fields();
    while (fields.hasNext()) {
      Map.Entry<String, JsonNode> field = fields.next();
      String name = at + "." + field.getKey();
      // A patch takes something away with null; what is empty need not come back.
      boolean isNothing =
          field.getValue().isNull()
              || (field.getValue().isContainerNode() && field.getValue().isEmpty());
      if (!isNothing && !known.has(field.getKey())) {
        unknown.add(name);
      } else if (!isNothing) {
        findUnknown(name, field.getValue(), known.get(field.getKey()), unknown);
      }
    }
    for (int i = 0; given.isArray() && i < given.size(); i++) {
      findUnknown(at + "[" + i + "]", given.get(i), known.path(i), unknown);
    }
  }

  private static void dropAdditional(Object bean, JsonNode json) {
    if (bean instanceof List) {
      List<?> beans = (List<?>) bean;
      for (int i = 0; i < beans.size(); i++) {
        dropAdditional(beans.get(i), json.path(i));
      }
    } else if (bean != null && bean.getClass().getName().startsWith("io.fabric8.")) {
      for (Method method : bean.getClass().getMethods()) {
        Optional<Object> value = valueOf(method, bean);
        if (value.isPresent() && method.getName().equals("getAdditionalProperties")) {
          if (json.isObject()) {
            ((Map<?, ?>) value.get())
                .keySet()
                .forEach(key -> ((ObjectNode) json).remove((String) key));
          }
        } else if (value.isPresent()) {
          String name = method.getName().substring(3);
          dropAdditional(
              value.get(),
              json.path(name.substring(0, 1).toLowerCase(Locale.ROOT) + name.substring(1)));
        }
      }
    }
  }

  private static Optional<Object> valueOf(Method method, Object bean) {
    if (!method.getName().startsWith("get")
        || method.getName().equals("getClass")
        || method.getParameterCount() > 0) {
      return Optional.empty();
    }
    try {
      return Optional.ofNullable(method.invoke(bean));
    } catch (ReflectiveOperationException e) {
      throw new LinkageError(e.getMessage(), e);
    }
  }
}
