# SPDX-License-Identifier: Apache-2.0
"""Ways in which repositories lay out a model, beside the usual one."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save_file

_INDEX = "model.safetensors.index.json"
_PARTS = "TwoPartsForCausalLM"  # see plugins/

# Mistral's names of what transformers calls otherwise, the longest first.
_MISTRAL_NAMES = {
    "post_attention_layernorm": "ffn_norm",
    "input_layernorm": "attention_norm",
    "self_attn.q_proj": "attention.wq",
    "self_attn.k_proj": "attention.wk",
    "self_attn.v_proj": "attention.wv",
    "self_attn.o_proj": "attention.wo",
    "mlp.gate_proj": "feed_forward.w1",
    "mlp.down_proj": "feed_forward.w2",
    "mlp.up_proj": "feed_forward.w3",
    "embed_tokens": "tok_embeddings",
    "lm_head": "output",
    "model.": "",
}
_DENSE_SIZE = 64
_SPECIAL_TOKENS = 20
_BYTES = 256


def add_ref(snapshot: Path) -> None:
    """Say in `refs/main` that this snapshot is the newest, as huggingface_hub does."""
    refs = snapshot.parents[1] / "refs"
    refs.mkdir(exist_ok=True)
    (refs / "main").write_text(snapshot.name)


def move_shards(directory: Path, folder: str) -> None:
    """Put the shards into a folder; the index stays, and names them there."""
    index = json.loads((directory / _INDEX).read_text())
    (directory / folder).mkdir()
    for shard in sorted(set(index["weight_map"].values())):
        (directory / shard).rename(directory / folder / shard)
    index["weight_map"] = {key: f"{folder}/{shard}" for key, shard in index["weight_map"].items()}
    (directory / _INDEX).write_text(json.dumps(index))


def move_second_part(directory: Path, folder: str) -> None:
    """Put the last two shards into a folder with an index of its own, as models of parts do."""
    index = json.loads((directory / _INDEX).read_text())
    names = index["weight_map"]
    second = set(sorted(set(names.values()))[-2:])
    (directory / folder).mkdir()
    for shard in second:
        (directory / shard).rename(directory / folder / shard)
    for place, is_second in ((directory, False), (directory / folder, True)):
        part = {key: shard for key, shard in names.items() if (shard in second) == is_second}
        (place / _INDEX).write_text(json.dumps({**index, "weight_map": part}))
    config_file = directory / "config.json"
    config = json.loads(config_file.read_text())
    config_file.write_text(json.dumps({**config, "architectures": [_PARTS]}))


def add_dense(directory: Path, size: int) -> None:
    """Make it one of sentence-transformers, whose last layer is in a folder."""
    modules = ("", "Transformer"), ("1_Pooling", "Pooling"), ("2_Dense", "Dense")
    listed = [
        {"idx": n, "name": str(n), "path": path, "type": f"sentence_transformers.models.{kind}"}
        for n, (path, kind) in enumerate(modules)
    ]
    write(directory / "modules.json", listed)
    pooling = {"word_embedding_dimension": size, "pooling_mode_mean_tokens": True}
    write(directory / "1_Pooling/config.json", pooling)
    activation = "torch.nn.modules.linear.Identity"
    # vLLM reads it before the list is handed over, when the origin is slow.
    dense = {"in_features": size, "out_features": _DENSE_SIZE, "bias": False}
    write(directory / "2_Dense/config.json", {**dense, "activation_function": activation})
    weights = {"linear.weight": torch.randn(_DENSE_SIZE, size)}
    save_file(weights, directory / "2_Dense/model.safetensors", {"format": "pt"})


def save_mistral(directory: Path, model: Any, *, in_shards: bool) -> None:
    """Write Mistral's own files: parameters, tokenizer, and weights, in two shards or in one."""
    config = model.config
    heads = {"q_proj": config.num_attention_heads, "k_proj": config.num_key_value_heads}
    tensors = {}
    for name, tensor in model.state_dict().items():
        projection = next((heads[key] for key in heads if f".{key}." in name), None)
        weight = tensor if projection is None else interleaved(tensor, projection)
        tensors[mistral_name(name)] = weight.contiguous()
    parameters = {
        "dim": config.hidden_size,
        "n_layers": config.num_hidden_layers,
        "head_dim": config.hidden_size // config.num_attention_heads,
        "hidden_dim": config.intermediate_size,
        "n_heads": config.num_attention_heads,
        "n_kv_heads": config.num_key_value_heads,
        "norm_eps": config.rms_norm_eps,
        "rope_theta": 10000.0,
        "vocab_size": config.vocab_size,
        "max_position_embeddings": config.max_position_embeddings,
    }
    if not in_shards:  # else vLLM opens all weights of the directory to find out
        parameters["dtype"] = "bfloat16"
    write(directory / "params.json", parameters)
    write(directory / "tekken.json", tekken(config.vocab_size))
    if in_shards:
        save_consolidated_shards(directory, tensors)
    else:
        save_file(tensors, directory / "consolidated.safetensors")


def save_consolidated_shards(directory: Path, tensors: dict[str, torch.Tensor]) -> None:
    names = list(tensors)
    half = len(names) // 2
    places = {}
    for number, part in enumerate((names[:half], names[half:]), 1):
        shard = f"consolidated-{number:05}-of-00002.safetensors"
        save_file({name: tensors[name] for name in part}, directory / shard)
        places.update(dict.fromkeys(part, shard))
    index = {"metadata": {}, "weight_map": places}
    write(directory / "consolidated.safetensors.index.json", index)


def interleaved(weight: torch.Tensor, heads: int) -> torch.Tensor:
    """Order the rows of a projection as Mistral does, which pairs neighbours where it rotates."""
    rows, columns = weight.shape
    return weight.view(heads, 2, rows // heads // 2, columns).transpose(1, 2).reshape(rows, columns)


def mistral_name(name: str) -> str:
    for theirs, mistrals in _MISTRAL_NAMES.items():
        name = name.replace(theirs, mistrals)
    return name


def tekken(size: int) -> dict[str, Any]:
    """Make a tokenizer that knows each byte, and pairs of letters."""
    pieces = [bytes([byte]) for byte in range(_BYTES)]
    letters = range(33, 127)
    pieces += [bytes([first, second]) for first in letters for second in letters]
    pieces = pieces[: size - _SPECIAL_TOKENS]
    vocabulary = [
        {"rank": rank, "token_bytes": base64.b64encode(piece).decode(), "token_str": None}
        for rank, piece in enumerate(pieces)
    ]
    config = {
        "pattern": r"\S+|\s+",
        "num_vocab_tokens": len(pieces),
        "default_vocab_size": size,
        "default_num_special_tokens": _SPECIAL_TOKENS,
        "version": "v3",
    }
    return {"config": config, "vocab": vocabulary}


def write(file: Path, value: Any) -> None:
    file.parent.mkdir(exist_ok=True)
    file.write_text(json.dumps(value))
