// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.metrics;

import alluxio.metrics.MetricsSystem;
import com.codahale.metrics.Gauge;
import io.mows.p2p.fetch.WrongFile;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * The files that are not what their manifests say, as {@value #NAME} on the worker's JSON endpoint.
 * No number, so Prometheus does not show it. Thread-safe.
 */
public final class WrongFilesGauge implements Gauge<List<Map<String, Object>>> {
  public static final String NAME = "Worker.MowsWrongFiles";
  public static final String PATH = "path";
  public static final String EXPECTED = "expectedCrc32";
  public static final String ACTUAL = "actualCrc32";
  public static final String MANIFEST = "manifest";

  private final Supplier<List<WrongFile>> files;

  WrongFilesGauge(Supplier<List<WrongFile>> files) {
    this.files = files;
  }

  /** Shows it, unless another worker of this process does. */
  public static WrongFilesGauge register(Supplier<List<WrongFile>> files) {
    WrongFilesGauge gauge = new WrongFilesGauge(files);
    MetricsSystem.registerGaugeIfAbsent(MetricsSystem.getMetricName(NAME), gauge);
    return gauge;
  }

  @Override
  public List<Map<String, Object>> getValue() {
    List<WrongFile> sorted = new ArrayList<>(files.get());
    sorted.sort((a, b) -> a.file().path().compareTo(b.file().path()));
    List<Map<String, Object>> values = new ArrayList<>();
    for (WrongFile file : sorted) {
      Map<String, Object> value = new LinkedHashMap<>();
      value.put(PATH, file.file().path());
      value.put(EXPECTED, String.format("%08x", file.expectedCrc32()));
      value.put(ACTUAL, String.format("%08x", file.actualCrc32()));
      value.put(MANIFEST, file.manifest());
      values.add(value);
    }
    return values;
  }
}
