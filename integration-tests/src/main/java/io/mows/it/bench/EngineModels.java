// SPDX-License-Identifier: Apache-2.0
package io.mows.it.bench;

import io.mows.it.cluster.Build;
import io.mows.it.model.SyntheticModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;

/**
 * The origin's directory: each workload's model, and the same bytes under a name for each start, so
 * that each is cold.
 */
final class EngineModels {
  private static final String MAKER = "mows-loader/tests/engines/mkmodel.py";

  private final Path bucket;
  private final Map<EngineWorkload, Long> bytes = new EnumMap<>(EngineWorkload.class);

  private EngineModels(Path bucket) {
    this.bucket = bucket;
  }

  /** Writes all models. */
  static EngineModels write(Path bucket, EngineOptions options)
      throws IOException, InterruptedException {
    EngineModels models = new EngineModels(bucket);
    SyntheticModel.write(
        bucket.resolve(ScaleoutBench.WARM_UP_MODEL), options.modelBytes(), options.shards(), 2);
    for (EngineWorkload workload : options.workloads()) {
      Path model = models.model(workload);
      System.out.println("Making the model of " + workload.flag());
      if (workload == EngineWorkload.VLLM) {
        make(model, options);
      } else {
        SyntheticModel.write(model, options.modelBytes(), options.shards(), 1);
      }
      models.bytes.put(workload, BenchModels.size(BenchModels.weights(model)));
      for (EngineVariant variant : EngineVariant.values()) {
        for (EngineCase which : options.cases(workload, variant)) {
          BenchModels.link(model, bucket.resolve(name(workload, which, variant)));
        }
      }
    }
    return models;
  }

  /** A model that an engine can run: a small Llama. */
  private static void make(Path model, EngineOptions options)
      throws IOException, InterruptedException {
    Path script = Build.checkout().resolve(MAKER);
    ProcessBuilder maker =
        new ProcessBuilder(
            options.python().toString(),
            script.toString(),
            model.toString(),
            "--layers",
            Integer.toString(options.layers()));
    maker.environment().put("TQDM_DISABLE", "1");
    int code = maker.inheritIO().start().waitFor();
    if (code != 0) {
      throw new IOException(script + " ended with " + code);
    }
  }

  /** The model's name in the bucket, for one start. */
  static String name(EngineWorkload workload, EngineCase which, EngineVariant variant) {
    return String.join("-", workload.flag(), which.flag(), variant.flag());
  }

  /** Where the model is, for those who need no Alluxio. */
  Path model(EngineWorkload workload) {
    return bucket.resolve(workload.flag());
  }

  /** Of the weights. */
  long bytes(EngineWorkload workload) {
    return bytes.get(workload);
  }

  /** Of the largest model. */
  long mostBytes() {
    return bytes.values().stream().mapToLong(Long::longValue).max().orElseThrow();
  }

  Path bucket() {
    return bucket;
  }
}
