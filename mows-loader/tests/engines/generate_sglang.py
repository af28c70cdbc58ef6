# SPDX-License-Identifier: Apache-2.0
"""Loads a model with SGLang on a CPU and prints tokens: `generate_sglang.py PATH FORMAT`."""

from __future__ import annotations

import json
import sys
from typing import Any

import sglang

PROMPTS = ["w5 w6 w7 w8", "w100 w200 w300"]
ARGUMENTS: dict[str, Any] = {
    "device": "cpu",
    "attention_backend": "torch_native",
    "sampling_backend": "pytorch",
    "disable_overlap_schedule": True,
    "max_total_tokens": 1024,
    "log_level": "info",
}


def say_tokens(engine: Any) -> None:
    sampling = {"temperature": 0.0, "max_new_tokens": 12, "ignore_eos": True}
    answers = engine.generate(PROMPTS, sampling)
    print("TOKENS", json.dumps([answer["output_ids"] for answer in answers]), flush=True)


def main(path: str, load_format: str) -> None:
    engine = sglang.Engine(model_path=path, load_format=load_format, **ARGUMENTS)
    say_tokens(engine)
    engine.shutdown()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
