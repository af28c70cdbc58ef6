# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import json
from pathlib import Path

import pytest

from mows_loader import selection

CASES = [
    (["model.safetensors", "pytorch_model.bin", "tf_model.h5"], ["model.safetensors"]),
    (["a-10.safetensors", "a-9.safetensors"], ["a-9.safetensors", "a-10.safetensors"]),
    (["consolidated.safetensors", "model.safetensors"], ["model.safetensors"]),
    (["consolidated.safetensors", "params.json"], ["consolidated.safetensors"]),
    (["pytorch_model.bin", "training_args.bin", "optimizer.pt"], ["pytorch_model.bin"]),
    (["model.pt"], ["model.pt"]),
    (["README.md"], []),
    (
        ["unet/diffusion.safetensors", "vae/diffusion.safetensors", "model_index.json"],
        ["unet/diffusion.safetensors", "vae/diffusion.safetensors"],
    ),
]


@pytest.mark.parametrize(("names", "expected"), CASES)
def test_should_take_one_format(names: list[str], expected: list[str], tmp_path: Path) -> None:
    for name in names:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    found = selection.weights(tmp_path)
    assert [str(file.relative_to(tmp_path)) for file in found] == expected


def test_should_follow_the_index(model: Path) -> None:
    shards = ["model-00002-of-00003.safetensors", "model-00001-of-00003.safetensors"]
    weight_map = {"b": shards[0], "a": shards[1], "c": shards[0], "d": "absent.safetensors"}
    index = model / "model.safetensors.index.json"
    index.write_text(json.dumps({"weight_map": weight_map}))
    assert [file.name for file in selection.weights(model)] == sorted(shards)


def test_should_do_without_a_broken_index(model: Path, files: list[str]) -> None:
    (model / "model.safetensors.index.json").write_text("{")
    assert [str(file) for file in selection.weights(model)] == files


def test_should_take_a_series_but_not_its_sisters(tmp_path: Path) -> None:
    series = [f"m-Q4-{number:05}-of-00002.gguf" for number in (1, 2)]
    for name in [*series, "m-Q8-00001-of-00002.gguf", "single.gguf"]:
        (tmp_path / name).touch()
    assert [file.name for file in selection.weights(tmp_path / series[1])] == series
    assert [file.name for file in selection.weights(tmp_path / "single.gguf")] == ["single.gguf"]
