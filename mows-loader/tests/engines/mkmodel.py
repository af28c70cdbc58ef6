# SPDX-License-Identifier: Apache-2.0
"""Makes a small Llama with random weights in shards: `mkmodel.py DIRECTORY`, see --help."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save_file
from tokenizers import Tokenizer, models, pre_tokenizers
from transformers import AutoModelForCausalLM, LlamaConfig, LlamaForCausalLM, MistralConfig

import layouts

VOCABULARY, LAYERS = 4096, 6

# What compressed-tensors says of weights as integers of 8 bits, with a scale for each row.
_INT8 = {"num_bits": 8, "type": "int", "symmetric": True}
_QUANTIZATION = {
    "quant_method": "compressed-tensors",
    "format": "int-quantized",
    "quantization_status": "compressed",
    "ignore": ["lm_head"],
    "config_groups": {
        "group_0": {
            "targets": ["Linear"],
            "weights": {**_INT8, "strategy": "channel", "dynamic": False},
            "input_activations": {**_INT8, "strategy": "token", "dynamic": True},
        }
    },
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("directory", type=Path)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--layers", type=int, default=LAYERS, help="of 25 MB each")
    kind = parser.add_mutually_exclusive_group()
    kind.add_argument("--bin", action="store_true", help="in torch's format")
    kind.add_argument("--int8", action="store_true", help="weights as integers of 8 bits")
    kind.add_argument("--no-index", action="store_true", help="shards that no index names")
    kind.add_argument("--shards-in", help="shards in this folder, named by the index above it")
    kind.add_argument("--second-part", help="the last layers in this folder, see plugins/")
    kind.add_argument("--dense", action="store_true", help="sentence-transformers, with a Dense")
    kind.add_argument("--mistral", action="store_true", help="in Mistral's own format")
    parser.add_argument("--with-shards", action="store_true", help="and in that of transformers")
    parser.add_argument("--hub", action="store_true", help="a snapshot in a cache of the hub")
    parsed = parser.parse_args()
    torch.manual_seed(parsed.seed)
    model = made(MistralConfig if parsed.mistral else LlamaConfig, parsed.layers)
    model.save_pretrained(parsed.directory, max_shard_size="40MB")
    shards = sorted(parsed.directory.glob("*.safetensors"))
    if parsed.bin:
        torch.save(model.state_dict(), parsed.directory / "pytorch_model.bin")
        for path in (*shards, parsed.directory / "model.safetensors.index.json"):
            path.unlink()
    if parsed.no_index:
        (parsed.directory / "model.safetensors.index.json").unlink()
        for number, path in enumerate(shards, 1):
            path.rename(path.with_name(f"part-{number}.safetensors"))
    if parsed.int8:
        quantize(parsed.directory, model.state_dict())
    if parsed.shards_in:
        layouts.move_shards(parsed.directory, parsed.shards_in)
    if parsed.second_part:
        layouts.move_second_part(parsed.directory, parsed.second_part)
    if parsed.dense:
        layouts.add_dense(parsed.directory, model.config.hidden_size)
    save_tokenizer(parsed.directory)
    if parsed.hub:
        layouts.add_ref(parsed.directory)
    if parsed.mistral:
        if not parsed.with_shards:
            for path in parsed.directory.iterdir():
                path.unlink()
        layouts.save_mistral(parsed.directory, model, in_shards=not parsed.with_shards)


def made(kind: type[LlamaConfig | MistralConfig], layers: int) -> LlamaForCausalLM:
    config = kind(
        vocab_size=VOCABULARY,
        hidden_size=1024,
        intermediate_size=3584,
        num_hidden_layers=layers,
        num_attention_heads=16,
        num_key_value_heads=8,
        max_position_embeddings=512,
        tie_word_embeddings=False,
        dtype="bfloat16",
    )
    return AutoModelForCausalLM.from_config(config).to(torch.bfloat16)


def quantize(directory: Path, weights: dict[str, torch.Tensor]) -> None:
    """Write the shards anew, with all matrices of the layers quantized."""
    index_file = directory / "model.safetensors.index.json"
    index = json.loads(index_file.read_text())
    shards: dict[str, dict[str, Any]] = {}
    for name, shard in tuple(index["weight_map"].items()):
        tensors = shards.setdefault(shard, {})
        if not name.endswith("_proj.weight"):
            tensors[name] = weights[name]
            continue
        scale = weights[name].float().abs().amax(dim=1, keepdim=True) / 127
        tensors[name] = (weights[name].float() / scale).round().to(torch.int8)
        tensors[f"{name}_scale"] = scale.to(torch.bfloat16)
        index["weight_map"][f"{name}_scale"] = shard
    for shard, tensors in shards.items():
        save_file(tensors, directory / shard, {"format": "pt"})
    index_file.write_text(json.dumps(index))
    config_file = directory / "config.json"
    config = json.loads(config_file.read_text())
    config_file.write_text(json.dumps({**config, "quantization_config": _QUANTIZATION}))


def save_tokenizer(directory: Path) -> None:
    words = {f"w{number}": number for number in range(VOCABULARY)}
    tokenizer = Tokenizer(models.WordLevel(words, unk_token="w0"))  # noqa: S106
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.save(str(directory / "tokenizer.json"))
    (directory / "tokenizer_config.json").write_text(
        json.dumps(
            {
                "tokenizer_class": "PreTrainedTokenizerFast",
                "unk_token": "w0",
                "eos_token": "w1",
                "bos_token": "w2",
                "model_max_length": 512,
            }
        )
    )


if __name__ == "__main__":
    main()
