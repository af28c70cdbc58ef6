// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class WeightStructureTest {
  private static Optional<String> fault(String name, byte[] file) {
    byte[] head = Arrays.copyOf(file, WeightStructure.headBytes(name, file.length));
    return WeightStructure.fault(name, file.length, head);
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static byte[] safetensors(String header, int dataBytes) {
    byte[] json = ascii(header);
    return ByteBuffer.allocate(8 + json.length + dataBytes)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(json.length)
        .put(json)
        .array();
  }

  private static final String TWO_TENSORS =
      "{\"__metadata__\":{\"format\":\"pt\"},"
          + "\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]},"
          + "\"b\":{\"dtype\":\"F16\",\"shape\":[4],\"data_offsets\":[8,16]}}";

  @Test
  void shouldFindNothingWrongWithWholeFiles() {
    assertEquals(Optional.empty(), fault("m.safetensors", safetensors(TWO_TENSORS, 16)));
    assertEquals(Optional.empty(), fault("m.safetensors", safetensors("{}", 0)));
    assertEquals(Optional.empty(), fault("m.gguf", gguf(256 * 4, 2 * 144 * 2)));
    assertEquals(Optional.empty(), fault("README.md", ascii("<!DOCTYPE html>")), "no weights");
    assertEquals(Optional.empty(), fault("config.json", ascii("{\"a\": \"<html>\"}")));
    assertEquals(Optional.empty(), fault("config.json", ascii("")));
    assertEquals(Optional.empty(), fault("pytorch_model.bin", ascii("PK...")));
  }

  @Test
  void shouldLookAtTheFirstBytesOfJsonOnly() {
    assertEquals(200, WeightStructure.headBytes("tokenizer.json", 9 << 20));
    assertEquals(2, WeightStructure.headBytes("/m/config.JSON", 2));
    assertEquals(0, WeightStructure.headBytes("vocab.txt", 9 << 20));
  }

  @ParameterizedTest
  @CsvSource({
    "m.safetensors, '<!DOCTYPE html><html>', web page",
    "pytorch_model.bin, '  <HTML>', web page",
    "m.gguf, '<?xml version=\"1.0\"?><Error>', XML",
    "m.pth, 'version https://git-lfs.github.com/spec/v1', git lfs pull",
    "config.json, '<!DOCTYPE html><html>', web page",
    "tokenizer.json, 'version https://git-lfs.github.com/spec/v1', git lfs pull",
    "model.safetensors.index.json, '<Error><Code>NoSuchKey</Code>', XML",
    "m.safetensors, '', empty",
    "m.safetensors, abc, too few",
    "m.safetensors, 'this is not a model', does not begin as",
    "m.gguf, 'this is not a model', does not begin as"
  })
  void shouldSayWhatIsThereInstead(String name, String content, String said) {
    String fault = fault(name, ascii(content)).orElseThrow();
    assertTrue(fault.contains(said), fault);
  }

  @Test
  void shouldFindSafetensorsOfAnotherLength() {
    byte[] whole = safetensors(TWO_TENSORS, 16);
    assertSays("m.safetensors", Arrays.copyOf(whole, whole.length - 1), "it is cut off");
    assertSays("m.safetensors", Arrays.copyOf(whole, 100), "it is cut off: its header alone");
    assertSays("m.safetensors", Arrays.copyOf(whole, whole.length + 1), "something follows");
    assertSays("m.safetensors", safetensors("{\"a\":1}", 16), "no JSON that says where");
    assertSays("m.safetensors", safetensors("[1]", 16), "no JSON that says where");
    assertSays("m.safetensors", safetensors("{\"a\":", 16), "no JSON that says where");
  }

  private static void assertSays(String name, byte[] file, String said) {
    String fault = fault(name, file).orElseThrow();
    assertTrue(fault.contains(said), fault);
  }

  /** With keys of several types, and two tensors of so many numbers in Q4_K. */
  private static byte[] gguf(int numbers, int dataBytes) {
    ByteBuffer out = ByteBuffer.allocate(100_000).order(ByteOrder.LITTLE_ENDIAN);
    out.put(ascii("GGUF")).putInt(3).putLong(2).putLong(4);
    string(out, "general.alignment").putInt(4).putInt(64);
    string(out, "general.name").putInt(8);
    string(out, "tiny");
    string(out, "tokens").putInt(9).putInt(8).putLong(2);
    string(string(out, "<s>"), "</s>");
    string(out, "scores").putInt(9).putInt(6).putLong(3).putFloat(1).putFloat(2).putFloat(3);
    for (int i = 0; i < 2; i++) {
      string(out, "t" + i).putInt(2).putLong(numbers / 2).putLong(1).putInt(12);
      out.putLong((long) i * (numbers / 2) / 256 * 144);
    }
    int start = (out.position() + 63) / 64 * 64;
    return Arrays.copyOf(out.array(), start + dataBytes);
  }

  private static ByteBuffer string(ByteBuffer out, String text) {
    return out.putLong(text.length()).put(ascii(text));
  }

  @Test
  void shouldFindGgufFilesThatAreCutOff() {
    byte[] whole = gguf(256 * 4, 2 * 144 * 2);
    assertSays("m.gguf", Arrays.copyOf(whole, whole.length - 1), "it is cut off: ");
    assertSays("m.gguf", Arrays.copyOf(whole, 60), "cut off within its header");
    whole[4] = 77;
    assertEquals(Optional.empty(), fault("m.gguf", whole), "another version says nothing");
  }

  @Test
  void shouldSurviveAnyBytes() {
    Random random = new Random(11);
    System.out.println("seed 11");
    byte[] gguf = gguf(1024, 576);
    byte[] safetensors = safetensors(TWO_TENSORS, 16);
    for (int i = 0; i < 20_000; i++) {
      byte[] file = (i % 2 == 0 ? gguf : safetensors).clone();
      for (int change = 0; change < 3; change++) {
        file[random.nextInt(Math.min(file.length, 400))] = (byte) random.nextInt();
      }
      fault(i % 2 == 0 ? "m.gguf" : "m.safetensors", file);
    }
  }
}
