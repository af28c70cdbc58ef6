# SPDX-License-Identifier: Apache-2.0
"""Loads a model from each PATH: `load_files.py transformers|safetensors|FOLDER PATH...`.

FOLDER is one within PATH, which transformers is told as `subfolder`.
"""

from __future__ import annotations

import functools
import hashlib
import json
import sys
from pathlib import Path

import torch
from safetensors.torch import load_file
from transformers import AutoModelForCausalLM

PROMPT = [5, 6, 7, 8]


def generate(path: str, folder: str = "") -> object:
    model = AutoModelForCausalLM.from_pretrained(path, subfolder=folder, dtype=torch.bfloat16)
    prompt = torch.tensor([PROMPT])
    answer = model.generate(
        prompt, attention_mask=torch.ones_like(prompt), max_new_tokens=12, do_sample=False
    )
    return answer[0].tolist()


def digest(path: str) -> object:
    """Tell the tensors apart as tokens would: by one number for all."""
    digests = {}
    for shard in sorted(Path(path).glob("*.safetensors")):
        for name, tensor in load_file(shard).items():
            digests[name] = hashlib.sha256(tensor.view(torch.uint8).numpy().data).hexdigest()
    return hashlib.sha256(json.dumps(digests, sort_keys=True).encode()).hexdigest()


if __name__ == "__main__":
    in_folder = functools.partial(generate, folder=sys.argv[1])
    load = {"transformers": generate, "safetensors": digest}.get(sys.argv[1], in_folder)
    for directory in sys.argv[2:]:
        print("TOKENS", json.dumps(load(directory)), flush=True)
