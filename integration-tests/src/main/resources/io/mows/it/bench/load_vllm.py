# SPDX-License-Identifier: Apache-2.0
"""Starts vLLM with a model, and says when it has come how far: `load_vllm.py MODEL WAY`.

WAY: `mows` or `auto`, its load format, or `eager`: `auto`, each shard by one read.
"""

import json
import sys

PROMPTS = ["w5 w6 w7 w8", "w100 w200 w300"]


def say(*words):
    # The engine's processes write to the same place, and not whole lines only.
    print("\nBENCH", *words, flush=True)


def main(path, way):
    from vllm import LLM, SamplingParams

    say("imported")
    eager = {"load_format": "auto", "safetensors_load_strategy": "eager"}
    model = LLM(
        path,
        enforce_eager=True,
        max_model_len=256,
        **(eager if way == "eager" else {"load_format": way}),
    )
    say("loaded")
    tokens = []
    for count in (1, 12):
        sampling = SamplingParams(temperature=0.0, max_tokens=count, ignore_eos=True)
        answers = model.generate(PROMPTS, sampling, use_tqdm=False)
        tokens = [list(answer.outputs[0].token_ids) for answer in answers]
        if count == 1:
            say("done")
    say("answer", json.dumps(tokens, separators=(",", ":")))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
