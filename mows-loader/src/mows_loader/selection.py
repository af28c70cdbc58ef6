# SPDX-License-Identifier: Apache-2.0
"""Which files of a directory are its weights, where no engine is there to say so.

Only the command line needs this. Within an engine it is the engine that chooses.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

_INDEXES = ("model.safetensors.index.json", "pytorch_model.bin.index.json")
_FORMATS = ("*.safetensors", "*.bin", "*.pt", "*.gguf")
_NO_WEIGHTS = re.compile(r"(optimizer|scheduler|scaler|training_args|rng_state).*\.(bin|pt)$")
_SERIES = re.compile(r"-\d{5}-of-(\d{5})\.gguf$")


def weights(path: Path) -> list[Path]:
    """List the weights of a directory, or of the series that a GGUF file belongs to, in order."""
    if not path.is_dir():
        return _series_of(path)
    for index in _INDEXES:
        listed = _indexed(path / index)
        if listed:
            return _ordered(listed)
    for pattern in _FORMATS:
        found = [file for file in path.glob(pattern) if not _NO_WEIGHTS.search(file.name)]
        if found:
            return _ordered(_without_sister(found))
    below = [folder for folder in sorted(path.iterdir()) if folder.is_dir()]
    return [file for folder in below for file in weights(folder)]


def _indexed(index: Path) -> list[Path]:
    try:
        weight_map = json.loads(index.read_text(encoding="utf-8"))["weight_map"]
        files = [index.parent / name for name in dict.fromkeys(weight_map.values())]
    except (OSError, ValueError, KeyError, AttributeError):
        return []
    return [file for file in files if file.exists()]


def _series_of(path: Path) -> list[Path]:
    match = _SERIES.search(path.name)
    if match is None:
        return [path]
    stem = path.name[: match.start()]
    return _ordered(path.parent.glob(f"{stem}-*-of-{match[1]}.gguf"))


def _without_sister(files: Sequence[Path]) -> Sequence[Path]:
    """Leave out Mistral's own copy of weights that are there in shards, too."""
    others = [file for file in files if not file.name.startswith("consolidated")]
    return others or files


def _ordered(files: Iterable[Path]) -> list[Path]:
    return sorted(files, key=lambda file: [_number(part) for part in re.split(r"(\d+)", str(file))])


def _number(part: str) -> tuple[int, int, str]:
    return (0, int(part), "") if part.isdigit() else (1, 0, part)
