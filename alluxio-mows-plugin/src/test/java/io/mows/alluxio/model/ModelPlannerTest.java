// SPDX-License-Identifier: Apache-2.0
package io.mows.alluxio.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Directories as hubs show them: which file is opened, and which ones are read with it. */
final class ModelPlannerTest {
  private static final String SHARD = "model-%05d-of-%05d.safetensors";
  private static final String BIN = "pytorch_model-%05d-of-%05d.bin";
  private static final String CONSOLIDATED = "consolidated-%05d-of-%05d.safetensors";

  private static List<String> names(String pattern, int... numbers) {
    int of = Arrays.stream(numbers).max().orElseThrow();
    return IntStream.of(numbers)
        .mapToObj(i -> String.format(pattern, i, of))
        .collect(Collectors.toList());
  }

  @SafeVarargs
  private static List<String> all(List<String>... lists) {
    List<String> all = new ArrayList<>();
    for (List<String> list : lists) {
      all.addAll(list);
    }
    return all;
  }

  private static final List<String> LLAMA_SMALL =
      List.of(
          "config.json",
          "generation_config.json",
          "model.safetensors.index.json",
          "special_tokens_map.json",
          "tokenizer.json",
          "tokenizer_config.json");

  private static Repository llama() {
    return Repository.of(
            ".gitattributes",
            "LICENSE",
            "LICENSE.txt",
            "README.md",
            "USE_POLICY.md",
            "config.json",
            "crc32.txt",
            "generation_config.json",
            "special_tokens_map.json",
            "tokenizer.json",
            "tokenizer_config.json",
            "original/params.json",
            "original/tokenizer.model",
            "original/consolidated.00.pth")
        .shards(SHARD, 4)
        .index("model.safetensors.index.json", SHARD, 4);
  }

  private static Repository decoys() {
    return llama()
        .shards(BIN, 4)
        .index("pytorch_model.bin.index.json", BIN, 4)
        .file("consolidated.safetensors", 1L << 34)
        .file("tf_model.h5", 1L << 34)
        .file("flax_model.msgpack", 1L << 34)
        .file("llama.Q4_K_M.gguf", 1L << 32)
        .file("rust_model.ot", 1L << 32);
  }

  @ParameterizedTest
  @ValueSource(strings = {"config.json", "model.safetensors.index.json", "tokenizer.json"})
  void shouldReadTheShardsOfTheIndexBeforeAnyWeightIsOpened(String opened) {
    List<String> small = new ArrayList<>(LLAMA_SMALL);
    small.remove(opened);
    small.add(0, opened);
    assertEquals(all(small, names(SHARD, 1, 2, 3, 4)), llama().plan(opened));
  }

  @Test
  void shouldBeginWhereTheReaderIs() {
    assertEquals(
        all(LLAMA_SMALL, names(SHARD, 3, 4, 1, 2)),
        llama().plan("model-00003-of-00004.safetensors"));
  }

  @Test
  void shouldLeaveOtherFormatsBesideTheIndexedShards() {
    List<String> small = new ArrayList<>(LLAMA_SMALL);
    small.add(3, "pytorch_model.bin.index.json");
    small.remove("model.safetensors.index.json");
    small.add(0, "model.safetensors.index.json");
    assertEquals(
        all(small, names(SHARD, 1, 2, 3, 4)), decoys().plan("model.safetensors.index.json"));
    small.remove("model.safetensors.index.json");
    small.add(2, "model.safetensors.index.json");
    assertEquals(
        all(small, names(SHARD, 2, 3, 4, 1)), decoys().plan("model-00002-of-00004.safetensors"));
  }

  @Test
  void shouldFollowAReaderOfAnotherFormat() {
    List<String> small = new ArrayList<>(LLAMA_SMALL);
    small.add(3, "pytorch_model.bin.index.json");
    assertEquals(
        all(small, names(BIN, 1, 2, 3, 4)), decoys().plan("pytorch_model-00001-of-00004.bin"));
    for (String alone :
        List.of("tf_model.h5", "flax_model.msgpack", "llama.Q4_K_M.gguf", "rust_model.ot")) {
      assertEquals(all(small, List.of(alone)), decoys().plan(alone));
    }
  }

  /** What is prefetched while nobody reads. */
  @Test
  void shouldGuessFromTheDirectoryAlone() {
    assertEquals(llama().plan("config.json"), llama().guess());
    assertEquals(decoys().plan("config.json"), decoys().guess());
    assertEquals(diffusers().plan("model_index.json").size(), diffusers().guess().size());
    assertEquals(List.of("config.json"), quants().guess());
  }

  @ParameterizedTest
  @ValueSource(strings = {"README.md", "LICENSE", ".gitattributes", "crc32.txt", "LICENSE.txt"})
  void shouldReadNothingMoreForPeople(String opened) {
    assertEquals(List.of(opened), llama().plan(opened));
  }

  @Test
  void shouldTakeSafetensorsBeforeBinBeforeH5() {
    Repository repository =
        Repository.of("config.json", "pytorch_model.bin", "tf_model.h5", "flax_model.msgpack");
    assertEquals(List.of("config.json", "pytorch_model.bin"), repository.plan("config.json"));
    repository.file("model.safetensors", 1 << 30);
    assertEquals(List.of("config.json", "model.safetensors"), repository.plan("config.json"));
    assertEquals(
        List.of("config.json", "tf_model.h5"),
        Repository.of("config.json", "tf_model.h5", "flax_model.msgpack").plan("config.json"));
  }

  private static final List<String> MISTRAL_SMALL =
      List.of(
          "config.json",
          "model.safetensors.index.json",
          "params.json",
          "tekken.json",
          "tokenizer.json");

  private static Repository mistral() {
    return Repository.of("config.json", "params.json", "tokenizer.json", "tekken.json")
        .shards(SHARD, 3)
        .index("model.safetensors.index.json", SHARD, 3)
        .file("consolidated.safetensors", 14L << 30);
  }

  /** vLLM reads Mistral's own weights then, transformers and SGLang the shards. */
  @ParameterizedTest
  @ValueSource(strings = {"config.json", "tokenizer.json"})
  void shouldNotChooseBetweenTheTwoFormatsOfMistral(String opened) {
    List<String> small = new ArrayList<>(MISTRAL_SMALL);
    small.remove(opened);
    small.add(0, opened);
    assertEquals(small, mistral().plan(opened));
  }

  @Test
  void shouldReadTheFormatOfMistralThatItsReaderHasBegun() {
    List<String> consolidated = List.of("consolidated.safetensors");
    List<String> byIndex = new ArrayList<>(MISTRAL_SMALL);
    byIndex.add(0, byIndex.remove(1));
    assertEquals(
        all(byIndex, names(SHARD, 1, 2, 3)), mistral().plan("model.safetensors.index.json"));
    assertEquals(
        all(MISTRAL_SMALL, names(SHARD, 2, 3, 1)), mistral().plan(names(SHARD, 2, 3).get(0)));
    List<String> byParameters = new ArrayList<>(MISTRAL_SMALL);
    byParameters.add(0, byParameters.remove(2));
    assertEquals(all(byParameters, consolidated), mistral().plan("params.json"));
    assertEquals(all(MISTRAL_SMALL, consolidated), mistral().plan("consolidated.safetensors"));
    assertEquals(MISTRAL_SMALL, mistral().guess(), "nobody has begun any");
  }

  @Test
  void shouldTakeParametersOfMistralForMoreThanAConfiguration() {
    String shard = "/m/" + names(SHARD, 1, 3).get(0);
    assertTrue(ModelPlanner.tellsMore("/m/params.json", "/m/config.json"));
    assertTrue(ModelPlanner.tellsMore(shard, "/m/params.json"));
    assertTrue(ModelPlanner.tellsMore("/m/consolidated.safetensors", shard));
    assertFalse(ModelPlanner.tellsMore(shard, shard));
    assertFalse(ModelPlanner.tellsMore("/m/params.json", "/m/params.json"));
    assertFalse(ModelPlanner.tellsMore("/m/config.json", "/m/params.json"));
    assertFalse(ModelPlanner.tellsMore("/m/config.json", "/m/tokenizer.json"));
    assertFalse(ModelPlanner.tellsMore("/m/params.json", shard));
  }

  @Test
  void shouldFollowTheIndexOfConsolidatedShards() {
    Repository large =
        Repository.of("config.json", "params.json")
            .shards(SHARD, 3)
            .index("model.safetensors.index.json", SHARD, 3)
            .shards(CONSOLIDATED, 2)
            .index("consolidated.safetensors.index.json", CONSOLIDATED, 2);
    List<String> small =
        List.of(
            "config.json",
            "consolidated.safetensors.index.json",
            "model.safetensors.index.json",
            "params.json");
    assertEquals(all(small, names(CONSOLIDATED, 2, 1)), large.plan(names(CONSOLIDATED, 2).get(0)));
    assertEquals(small, large.plan("config.json"));
    assertEquals(
        names(CONSOLIDATED, 1, 2),
        large.plan("params.json").subList(small.size(), small.size() + 2));
  }

  @Test
  void shouldReadConsolidatedWhereThereIsNothingElse() {
    assertEquals(
        List.of("params.json", "tekken.json", "consolidated.safetensors"),
        Repository.of("params.json", "tekken.json", "consolidated.safetensors")
            .plan("params.json"));
  }

  @Test
  void shouldReadAllPartsOfMetasOwnLayout() {
    Repository original =
        Repository.of(
            "params.json", "tokenizer.model", "consolidated.00.pth", "consolidated.01.pth");
    assertEquals(
        List.of("params.json", "tokenizer.model", "consolidated.00.pth", "consolidated.01.pth"),
        original.plan("params.json"));
    assertEquals(
        List.of("params.json", "tokenizer.model", "consolidated.01.pth", "consolidated.00.pth"),
        original.plan("consolidated.01.pth"));
  }

  private static final List<String> QUANTS =
      List.of(
          "Q2_K", "Q3_K_S", "Q3_K_M", "Q3_K_L", "Q4_0", "Q4_K_S", "Q4_K_M", "Q5_0", "Q5_K_S",
          "Q5_K_M", "Q6_K", "Q8_0");

  private static Repository quants() {
    Repository repository = Repository.of("README.md", "config.json", ".gitattributes");
    QUANTS.forEach(quant -> repository.file("llama-2-7b." + quant + ".gguf", 1L << 32));
    return repository;
  }

  @Test
  void shouldReadNoSisterQuant() {
    for (String quant : QUANTS) {
      String opened = "llama-2-7b." + quant + ".gguf";
      assertEquals(List.of("config.json", opened), quants().plan(opened));
    }
    assertEquals(List.of("config.json"), quants().plan("config.json"), "nobody knows which one");
  }

  @Test
  void shouldReadTheSeriesOfASplitGguf() {
    Repository repository =
        Repository.of("README.md", "Llama-70B-Q4_K_M.gguf", "mmproj-F16.gguf")
            .shards("Llama-70B-Q6_K-%05d-of-%05d.gguf", 2)
            .shards("Llama-70B-Q8_0-%05d-of-%05d.gguf", 3)
            .shards("Llama-70B-BF16/Llama-70B-BF16-%05d-of-%05d.gguf", 4);
    assertEquals(
        names("Llama-70B-Q8_0-%05d-of-%05d.gguf", 1, 2, 3),
        repository.plan("Llama-70B-Q8_0-00001-of-00003.gguf"));
    assertEquals(
        names("Llama-70B-Q6_K-%05d-of-%05d.gguf", 2, 1),
        repository.plan("Llama-70B-Q6_K-00002-of-00002.gguf"));
    assertEquals(List.of("mmproj-F16.gguf"), repository.plan("mmproj-F16.gguf"));
    assertEquals(
        names("Llama-70B-BF16/Llama-70B-BF16-%05d-of-%05d.gguf", 1, 2, 3, 4),
        repository.plan("Llama-70B-BF16", "Llama-70B-BF16/Llama-70B-BF16-00001-of-00004.gguf"));
  }

  private static final String MODEL_INDEX =
      "{\"_class_name\":\"StableDiffusionXLPipeline\",\"_diffusers_version\":\"0.19.0\","
          + "\"force_zeros_for_empty_prompt\":true,\"image_encoder\":[null,null],"
          + "\"scheduler\":[\"diffusers\",\"EulerDiscreteScheduler\"],"
          + "\"text_encoder\":[\"transformers\",\"CLIPTextModel\"],"
          + "\"text_encoder_2\":[\"transformers\",\"CLIPTextModelWithProjection\"],"
          + "\"tokenizer\":[\"transformers\",\"CLIPTokenizer\"],"
          + "\"unet\":[\"diffusers\",\"UNet2DConditionModel\"],"
          + "\"vae\":[\"diffusers\",\"AutoencoderKL\"]}";

  private static Repository diffusers() {
    return Repository.of(
            "README.md",
            "pipeline.png",
            "scheduler/scheduler_config.json",
            "text_encoder/config.json",
            "text_encoder/flax_model.msgpack",
            "text_encoder/model.onnx",
            "text_encoder/openvino_model.bin",
            "text_encoder/openvino_model.xml",
            "text_encoder/model.safetensors",
            "text_encoder_2/config.json",
            "text_encoder_2/model.safetensors",
            "tokenizer/merges.txt",
            "tokenizer/vocab.json",
            "unet/config.json",
            "unet/diffusion_pytorch_model.safetensors",
            "unet/model.onnx",
            "unet/model.onnx_data",
            "vae/config.json",
            "vae/diffusion_pytorch_model.safetensors",
            "vae_1_0/diffusion_pytorch_model.safetensors",
            "sd_xl_base_1.0.safetensors",
            "sd_xl_base_1.0_0.9vae.safetensors",
            "sd_xl_offset_example-lora_1.0.safetensors")
        .text("model_index.json", MODEL_INDEX);
  }

  private static final List<String> DIFFUSERS_SMALL =
      List.of(
          "model_index.json",
          "scheduler/scheduler_config.json",
          "text_encoder/config.json",
          "text_encoder_2/config.json",
          "tokenizer/merges.txt",
          "tokenizer/vocab.json",
          "unet/config.json",
          "vae/config.json");

  @Test
  void shouldReadTheComponentsOfAPipeline() {
    assertEquals(
        all(
            DIFFUSERS_SMALL,
            List.of(
                "text_encoder/model.safetensors",
                "text_encoder_2/model.safetensors",
                "unet/diffusion_pytorch_model.safetensors",
                "vae/diffusion_pytorch_model.safetensors")),
        diffusers().plan("model_index.json"));
    assertEquals(
        all(
            DIFFUSERS_SMALL,
            List.of(
                "unet/diffusion_pytorch_model.safetensors",
                "vae/diffusion_pytorch_model.safetensors",
                "text_encoder/model.safetensors",
                "text_encoder_2/model.safetensors")),
        diffusers().plan("unet/diffusion_pytorch_model.safetensors"));
  }

  @Test
  void shouldReadOneFileOfAPipelineInOneFile() {
    assertEquals(
        List.of("model_index.json", "sd_xl_base_1.0.safetensors"),
        diffusers().plan("sd_xl_base_1.0.safetensors"));
  }

  @Test
  void shouldReadOneComponentIfTheReaderHasBegunThere() {
    assertEquals(
        List.of("unet/config.json", "unet/diffusion_pytorch_model.safetensors"),
        diffusers().plan("unet", "unet/config.json"));
  }

  @Test
  void shouldReadTheVariantThatTheReaderHasChosen() {
    Repository both =
        diffusers()
            .file("text_encoder/model.fp16.safetensors", 1)
            .file("text_encoder_2/model.fp16.safetensors", 1)
            .file("unet/diffusion_pytorch_model.fp16.safetensors", 1)
            .file("vae/diffusion_pytorch_model.fp16.safetensors", 1);
    assertEquals(DIFFUSERS_SMALL, both.plan("model_index.json"), "nobody knows which one");
    assertEquals(
        all(
            DIFFUSERS_SMALL,
            List.of(
                "text_encoder/model.fp16.safetensors",
                "text_encoder_2/model.fp16.safetensors",
                "unet/diffusion_pytorch_model.fp16.safetensors",
                "vae/diffusion_pytorch_model.fp16.safetensors")),
        both.plan("text_encoder/model.fp16.safetensors"));
    assertEquals(
        all(
            DIFFUSERS_SMALL,
            List.of(
                "text_encoder/model.safetensors",
                "text_encoder_2/model.safetensors",
                "unet/diffusion_pytorch_model.safetensors",
                "vae/diffusion_pytorch_model.safetensors")),
        both.plan("text_encoder/model.safetensors"));
  }

  @Test
  void shouldFollowTheIndexesOfComponents() {
    String shard = "diffusion_pytorch_model-%05d-of-%05d.safetensors";
    Repository flux =
        Repository.of("transformer/config.json", "vae/config.json", "flux1-dev.safetensors")
            .text(
                "model_index.json",
                "{\"transformer\":[\"diffusers\",\"FluxTransformer2DModel\"],"
                    + "\"vae\":[\"diffusers\",\"AutoencoderKL\"]}")
            .shards("transformer/" + shard, 3)
            .index("transformer/diffusion_pytorch_model.safetensors.index.json", shard, 3)
            .file("vae/diffusion_pytorch_model.safetensors", 1);
    assertEquals(
        all(
            List.of(
                "model_index.json",
                "transformer/config.json",
                "transformer/diffusion_pytorch_model.safetensors.index.json",
                "vae/config.json"),
            names("transformer/" + shard, 1, 2, 3),
            List.of("vae/diffusion_pytorch_model.safetensors")),
        flux.plan("model_index.json"));
  }

  @Test
  void shouldFollowAnIndexIntoSubDirectories() {
    Repository repository =
        Repository.of("config.json", "a/x.safetensors", "b/y.safetensors", "b/z.safetensors")
            .text(
                "model.safetensors.index.json",
                "{\"weight_map\":{\"q\":\"b/y.safetensors\",\"p\":\"a/x.safetensors\","
                    + "\"r\":\"../../other/secret.safetensors\",\"s\":\"/etc/passwd\","
                    + "\"t\":\"missing.safetensors\",\"u\":7}}");
    assertEquals(
        List.of(
            "config.json", "model.safetensors.index.json", "a/x.safetensors", "b/y.safetensors"),
        repository.plan("config.json"));
  }

  private static Repository sentences() {
    return Repository.of(
            "1_Pooling/config.json",
            "README.md",
            "config.json",
            "config_sentence_transformers.json",
            "data_config.json",
            "model.safetensors",
            "onnx/model.onnx",
            "onnx/model_O1.onnx",
            "onnx/model_qint8_avx512.onnx",
            "openvino/openvino_model.bin",
            "openvino/openvino_model.xml",
            "pytorch_model.bin",
            "rust_model.ot",
            "sentence_bert_config.json",
            "tf_model.h5",
            "tokenizer.json",
            "train_script.py",
            "vocab.txt")
        .text(
            "modules.json",
            "[{\"idx\":0,\"name\":\"0\",\"path\":\"\",\"type\":\"Transformer\"},"
                + "{\"idx\":1,\"path\":\"1_Pooling\"},{\"idx\":2,\"path\":\"2_Dense\"}]");
  }

  @Test
  void shouldReadTheModulesOfSentenceTransformers() {
    List<String> small =
        List.of(
            "modules.json",
            "config.json",
            "config_sentence_transformers.json",
            "data_config.json",
            "sentence_bert_config.json",
            "tokenizer.json",
            "train_script.py",
            "vocab.txt",
            "1_Pooling/config.json");
    assertEquals(all(small, List.of("model.safetensors")), sentences().plan("modules.json"));
    assertEquals(
        all(
            small,
            List.of("2_Dense/config.json", "model.safetensors", "2_Dense/model.safetensors")),
        sentences()
            .file("2_Dense/config.json", 1)
            .file("2_Dense/pytorch_model.bin", 1)
            .file("2_Dense/model.safetensors", 1)
            .plan("modules.json"));
  }

  @Test
  void shouldReadOnnxWithItsExternalData() {
    Repository onnx =
        Repository.of(
            "config.json",
            "genai_config.json",
            "model.onnx",
            "model.onnx_data",
            "model.onnx_data_1",
            "model_fp16.onnx",
            "model_fp16.onnx_data",
            "model_q4.onnx",
            "plain.onnx",
            "plain.onnx.data");
    List<String> small = List.of("config.json", "genai_config.json");
    List<String> model = List.of("model.onnx", "model.onnx_data", "model.onnx_data_1");
    assertEquals(all(small, model), onnx.plan("model.onnx"));
    assertEquals(all(small, model), onnx.plan("config.json"));
    assertEquals(
        all(small, List.of("model_fp16.onnx", "model_fp16.onnx_data")),
        onnx.plan("model_fp16.onnx"));
    assertEquals(
        all(small, List.of("model.onnx_data", "model.onnx_data_1", "model.onnx")),
        onnx.plan("model.onnx_data"));
    assertEquals(all(small, List.of("model_q4.onnx")), onnx.plan("model_q4.onnx"));
    assertEquals(all(small, List.of("plain.onnx", "plain.onnx.data")), onnx.plan("plain.onnx"));
  }

  @Test
  void shouldReadTheRanksOfAnEngineThatRunsOnOneMachine() {
    List<String> ranks = List.of("rank0.engine", "rank1.engine", "rank2.engine", "rank3.engine");
    Repository one =
        Repository.of(ranks.toArray(new String[0]))
            .text(
                "config.json",
                "{\"version\":\"0.17.0\",\"pretrained_config\":{\"mapping\":"
                    + "{\"world_size\":4,\"gpus_per_node\":8,\"tp_size\":4}}}");
    assertEquals(all(List.of("config.json"), ranks), one.plan("config.json"));
    assertEquals(
        List.of("config.json", "rank2.engine", "rank3.engine", "rank0.engine", "rank1.engine"),
        one.plan("rank2.engine"));
    Repository several =
        Repository.of(ranks.toArray(new String[0]))
            .text("config.json", "{\"mapping\":{\"world_size\":4,\"gpus_per_node\":2}}");
    assertEquals(List.of("config.json"), several.plan("config.json"));
    assertEquals(List.of("config.json", "rank2.engine"), several.plan("rank2.engine"));
  }

  @Test
  void shouldReadOneModelOfWhisper() {
    String fp32 = "model.fp32-%05d-of-%05d.safetensors";
    Repository whisper =
        Repository.of(
                "config.json",
                "flax_model.msgpack",
                "merges.txt",
                "model.safetensors",
                "preprocessor_config.json",
                "pytorch_model.bin",
                "tokenizer.json")
            .shards(fp32, 2)
            .index("model.safetensors.index.fp32.json", fp32, 2)
            .shards("pytorch_model.fp32-%05d-of-%05d.bin", 2)
            .index("pytorch_model.bin.index.fp32.json", "pytorch_model.fp32-%05d-of-%05d.bin", 2);
    List<String> small =
        List.of(
            "config.json",
            "merges.txt",
            "model.safetensors.index.fp32.json",
            "preprocessor_config.json",
            "pytorch_model.bin.index.fp32.json",
            "tokenizer.json");
    assertEquals(all(small, List.of("model.safetensors")), whisper.plan("config.json"));
    assertEquals(all(small, List.of("model.safetensors")), whisper.plan("model.safetensors"));
    assertEquals(all(small, names(fp32, 1, 2)), whisper.plan(names(fp32, 1, 2).get(0)));
    assertEquals(
        all(small, names("pytorch_model.fp32-%05d-of-%05d.bin", 2, 1)),
        whisper.plan("pytorch_model.fp32-00002-of-00002.bin"));
  }

  @Test
  void shouldReadOneOfManyModelsOfWhisperCpp() {
    Repository ggml =
        Repository.of("README.md", "ggml-base.bin", "ggml-large-v3.bin", "ggml-tiny.en-q5_1.bin");
    assertEquals(List.of("ggml-large-v3.bin"), ggml.plan("ggml-large-v3.bin"));
    assertEquals(
        List.of("config.json", "tokenizer.json", "vocabulary.json", "model.bin"),
        Repository.of("config.json", "model.bin", "tokenizer.json", "vocabulary.json")
            .plan("config.json"),
        "faster-whisper");
  }

  @Test
  void shouldReadAnAdapter() {
    Repository adapter =
        Repository.of(
            "README.md",
            "adapter_config.json",
            "adapter_model.bin",
            "adapter_model.safetensors",
            "checkpoint-500/adapter_model.safetensors",
            "checkpoint-500/optimizer.pt",
            "optimizer.pt",
            "rng_state.pth",
            "tokenizer.json",
            "trainer_state.json",
            "training_args.bin");
    List<String> expected =
        List.of(
            "adapter_config.json",
            "tokenizer.json",
            "trainer_state.json",
            "adapter_model.safetensors");
    assertEquals(expected, adapter.plan("adapter_config.json"));
    assertEquals(expected, adapter.plan("adapter_model.safetensors"));
    assertEquals(
        List.of("adapter_config.json", "adapter_model.bin"),
        Repository.of("adapter_config.json", "training_args.bin", "adapter_model.bin")
            .plan("adapter_config.json"));
  }

  @Test
  void shouldReadNothingMoreFromAHeapOfModels() {
    Repository heap =
        Repository.of(
            "dreamshaper_8.safetensors", "v1-5-pruned.ckpt", "sdxl.safetensors", "notes.json");
    assertEquals(List.of("notes.json", "sdxl.safetensors"), heap.plan("sdxl.safetensors"));
    assertEquals(List.of("notes.json"), heap.plan("notes.json"));
  }

  @Test
  void shouldReadNothingMoreWhereThereAreNoWeights() {
    Repository data = Repository.of("a.csv", "b.csv", "config.json", "tokens.json", "old.bin/x");
    assertEquals(List.of("a.csv"), data.plan("a.csv"));
    assertEquals(List.of("config.json"), data.plan("config.json"));
    assertFalse(data.modelPlan(Repository.ROOT, "a.csv").isOfModel());
    assertTrue(llama().modelPlan(Repository.ROOT, "config.json").isOfModel());
  }

  @Test
  void shouldReadASeriesWithoutAnIndex() {
    Repository repository = Repository.of("config.json").shards(SHARD, 11);
    assertEquals(
        all(List.of("config.json"), names(SHARD, IntStream.rangeClosed(1, 11).toArray())),
        repository.plan("config.json"));
  }

  @Test
  void shouldReadWhatIsThereIfTheIndexSaysNothing() {
    Repository repository = llama().text("model.safetensors.index.json", "no JSON at all {");
    assertEquals(
        all(LLAMA_SMALL, names(SHARD, 2, 3, 4, 1)),
        repository.plan("model-00002-of-00004.safetensors"));
    assertEquals(all(LLAMA_SMALL, names(SHARD, 1, 2, 3, 4)), repository.plan("config.json"));
  }

  @Test
  void shouldLeaveWhatIsNotSmallBesideTheWeights() {
    Repository repository =
        Repository.of("config.json", "model.safetensors").file("trace.json", 1L << 30);
    assertEquals(List.of("config.json", "model.safetensors"), repository.plan("config.json"));
  }
}
