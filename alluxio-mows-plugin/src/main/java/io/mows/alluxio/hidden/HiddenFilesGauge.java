// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.hidden;

import alluxio.metrics.MetricsSystem;
import com.codahale.metrics.Gauge;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * What Alluxio hides beside the files that are used here, as {@value #NAME} on the worker's JSON
 * endpoint. No number, so Prometheus does not show it. Thread-safe.
 */
public final class HiddenFilesGauge implements Gauge<List<Map<String, Object>>> {
  public static final String NAME = "Worker.MowsHiddenFiles";
  public static final String PATH = "path";
  public static final String REASON = "reason";
  public static final String MISSING = "missing";

  private static final int MAX_FILES = 200;

  private final Supplier<List<HiddenFile>> files;

  private HiddenFilesGauge(Supplier<List<HiddenFile>> files) {
    this.files = files;
  }

  /** Shows it, unless another worker of this process does. */
  public static HiddenFilesGauge register(Supplier<List<HiddenFile>> files) {
    HiddenFilesGauge gauge = new HiddenFilesGauge(files);
    MetricsSystem.registerGaugeIfAbsent(MetricsSystem.getMetricName(NAME), gauge);
    return gauge;
  }

  @Override
  public List<Map<String, Object>> getValue() {
    List<Map<String, Object>> values = new ArrayList<>();
    files.get().stream()
        .limit(MAX_FILES)
        .forEach(
            file -> {
              Map<String, Object> value = new LinkedHashMap<>();
              value.put(PATH, file.path());
              value.put(REASON, file.reason());
              value.put(MISSING, file.isMissing());
              values.add(value);
            });
    return values;
  }
}
