// SPDX-License-Identifier: Apache-2.0
package io.mows.it.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ShardTensorsTest {
  private static final long SEED = 13;

  @Test
  void shouldFillShardsOfAnyLengthExactlyAndWithoutAHole() {
    Random random = new Random(SEED);
    for (int round = 0; round < 500; round++) {
      TransformerTensors source = TransformerTensors.forTotalBytes(1 + random.nextInt(30_000_000));
      Set<String> names = new HashSet<>();
      for (int shard = 0; shard < 3; shard++) {
        long lengthBytes = 8L * (128 + random.nextInt(1 << random.nextInt(20)));
        String context = "seed " + SEED + ", round " + round + ", " + lengthBytes + " bytes";
        ShardTensors plan = ShardTensors.fill(source, lengthBytes);
        assertEquals(lengthBytes, plan.header().remaining() + plan.dataBytes(), context);
        long position = 0;
        for (TensorInfo tensor : plan.tensors()) {
          assertEquals(position, tensor.beginOffset(), context);
          assertTrue(tensor.lengthBytes() > 0, context);
          assertTrue(names.add(tensor.name()), context + ": " + tensor + " twice");
          position = tensor.endOffset();
        }
      }
    }
  }

  @Test
  void shouldPlanModelsOfTerabytes() {
    long lengthBytes = 8L << 40;
    ShardTensors plan =
        ShardTensors.fill(TransformerTensors.forTotalBytes(lengthBytes), lengthBytes);
    assertEquals(lengthBytes, plan.header().remaining() + plan.dataBytes());
  }

  @Test
  void shouldRefuseAShardThatIsAllHeader() {
    TransformerTensors source = TransformerTensors.forTotalBytes(400);
    assertThrows(IllegalArgumentException.class, () -> ShardTensors.fill(source, 400));
  }
}
