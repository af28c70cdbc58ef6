# SPDX-License-Identifier: Apache-2.0
"""Loads a model of sentence-transformers and prints what stands out of its embeddings.

`embed_vllm.py PATH FORMAT`
"""

from __future__ import annotations

import json
import sys

from vllm import LLM

from generate_vllm import PROMPTS

_GREATEST = 12


def main(path: str, load_format: str, _: str = "{}") -> None:
    model = LLM(
        path, load_format=load_format, runner="pooling", enforce_eager=True, max_model_len=256
    )
    answers = [answer.outputs.embedding for answer in model.embed(PROMPTS)]
    greatest = [
        sorted(range(len(values)), key=values.__getitem__)[-_GREATEST:] for values in answers
    ]
    print("TOKENS", json.dumps(greatest), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
