# SPDX-License-Identifier: Apache-2.0
"""Loads a model, then the weights of another one: `update_sglang.py PATH OTHER_PATH FORMAT`."""

from __future__ import annotations

import sys

import sglang

from generate_sglang import ARGUMENTS, say_tokens


def main(path: str, other: str, load_format: str) -> None:
    engine = sglang.Engine(model_path=path, load_format=load_format, **ARGUMENTS)
    succeeded, message, *_ = engine.update_weights_from_disk(other, load_format=load_format)
    if not succeeded:
        sys.exit(f"The update failed: {message}")
    say_tokens(engine)
    engine.shutdown()


if __name__ == "__main__":
    main(*sys.argv[1:])
