// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.check;

import alluxio.metrics.MetricsSystem;
import com.codahale.metrics.Gauge;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * What was found at the worker, as {@value #NAME} on its JSON endpoint: a list of {@value #LEVEL},
 * {@value #SUBJECT}, {@value #FOUND} and {@value #REMEDY}. It is no number, so Prometheus does not
 * show it. Looks again when what it knows is older than some seconds. Thread-safe.
 */
public final class CheckGauge implements Gauge<List<Map<String, Object>>> {
  public static final String NAME = "Worker.MowsChecks";
  public static final String LEVEL = "level";
  public static final String SUBJECT = "subject";
  public static final String FOUND = "found";
  public static final String REMEDY = "remedy";

  private static final long MAX_AGE_NS = TimeUnit.SECONDS.toNanos(10);

  private final Supplier<List<Finding>> checks;
  private final LongSupplier nanoClock;
  private List<Map<String, Object>> known;
  private long knownSinceNs;

  CheckGauge(Supplier<List<Finding>> checks, LongSupplier nanoClock) {
    this.checks = checks;
    this.nanoClock = nanoClock;
  }

  /** Shows it, unless another worker of this process does. */
  public static CheckGauge register(Supplier<List<Finding>> checks) {
    CheckGauge gauge = new CheckGauge(checks, System::nanoTime);
    MetricsSystem.registerGaugeIfAbsent(MetricsSystem.getMetricName(NAME), gauge);
    return gauge;
  }

  @Override
  public synchronized List<Map<String, Object>> getValue() {
    long nowNs = nanoClock.getAsLong();
    if (known == null || nowNs - knownSinceNs >= MAX_AGE_NS) {
      known = new ArrayList<>();
      checks.get().forEach(finding -> known.add(value(finding)));
      knownSinceNs = nowNs;
    }
    return known;
  }

  private static Map<String, Object> value(Finding finding) {
    Map<String, Object> value = new LinkedHashMap<>();
    value.put(LEVEL, finding.level().name());
    value.put(SUBJECT, finding.subject());
    value.put(FOUND, finding.found());
    value.put(REMEDY, finding.remedy());
    return value;
  }
}
