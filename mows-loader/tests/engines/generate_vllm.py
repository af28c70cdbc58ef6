# SPDX-License-Identifier: Apache-2.0
"""Loads a model and prints tokens: `generate_vllm.py PATH FORMAT [OPTIONS]`, JSON for LLM()."""

from __future__ import annotations

import json
import sys

from vllm import LLM, SamplingParams

PROMPTS = ["w5 w6 w7 w8", "w100 w200 w300"]


def main(path: str, load_format: str, options: str = "{}") -> None:
    model = LLM(
        path, load_format=load_format, enforce_eager=True, max_model_len=256, **json.loads(options)
    )
    sampling = SamplingParams(temperature=0.0, max_tokens=12, ignore_eos=True)
    tokens = [list(answer.outputs[0].token_ids) for answer in model.generate(PROMPTS, sampling)]
    print("TOKENS", json.dumps(tokens), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
