// SPDX-License-Identifier: Apache-2.0
package io.mows.it.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.util.Iterator;
import java.util.Map;

/**
 * A snapshot of the metrics of one Alluxio process, as its web port serves them under {@code
 * /metrics/json}; immutable.
 */
public final class Metrics {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final JsonNode root;

  private Metrics(JsonNode root) {
    this.root = root;
  }

  static Metrics fetch(URI web) throws IOException {
    return parse(Web.get(web.resolve("/metrics/json/")));
  }

  static Metrics parse(String json) throws IOException {
    return new Metrics(JSON.readTree(json));
  }

  /** Everything, as the process printed it. */
  public JsonNode json() {
    return root;
  }

  /**
   * The value of a metric: a gauge's value, or the count of a counter, meter or timer. Alluxio puts
   * a tag or the host behind some names, so metrics named {@code name.(anything)} count too, and
   * several are added up.
   *
   * @param name such as {@code Worker.BytesReadUfs}
   * @return 0 when there is no such metric, since Alluxio makes many on first use only
   */
  public long value(String name) {
    long sum = 0;
    for (String kind : new String[] {"gauges", "counters", "meters", "timers"}) {
      Iterator<Map.Entry<String, JsonNode>> fields = root.path(kind).fields();
      while (fields.hasNext()) {
        Map.Entry<String, JsonNode> field = fields.next();
        if (field.getKey().equals(name) || field.getKey().startsWith(name + ".")) {
          sum += field.getValue().path(kind.equals("gauges") ? "value" : "count").asLong();
        }
      }
    }
    return sum;
  }
}
