# SPDX-License-Identifier: Apache-2.0
"""What users can set: `MOWS_LOADER_OPTIONS` and `--model-loader-extra-config '{"mows": {...}}'`."""

from __future__ import annotations

import dataclasses
import json
import os
from collections.abc import Mapping
from typing import Any

ENVIRONMENT_KEY = "MOWS_LOADER_OPTIONS"
EXTRA_CONFIG_KEY = "mows"


@dataclasses.dataclass(frozen=True)
class Options:
    """How to load. The default is right nearly everywhere."""

    paths: Mapping[str, str] = dataclasses.field(default_factory=dict)
    """The origin's directories, each with the mount's directory that shows the same files."""

    wait: bool = True
    """Whether a file is opened by the engine only when all of it is in memory."""

    stall_seconds: float = 20.0
    """So long without a new byte, and the loader no longer waits for the worker."""

    progress_seconds: float = 5.0
    """Time between two lines of progress; 0 for none."""

    link_gbit: float | None = None
    """Gbit/s of the node's link; with it the last line says how far from its bound the load was."""


def split_extra_config(extra: object) -> tuple[Options, dict[str, Any]]:
    """Take ours from the engine's extra config; the rest is the engine's to judge."""
    if extra is None:
        extra = {}
    if not isinstance(extra, Mapping):
        raise TypeError(
            f"model_loader_extra_config is a {type(extra).__name__}; with load format mows it has"
            ' to be a JSON object, such as {"mows": {"progress_seconds": 10}}'
        )
    rest = {key: value for key, value in extra.items() if key != EXTRA_CONFIG_KEY}
    own = extra.get(EXTRA_CONFIG_KEY, {})
    where = f"`{EXTRA_CONFIG_KEY}` of model_loader_extra_config"
    return parse({**_from_environment(), **_object(own, where)}), rest


def from_environment() -> Options:
    """Read the options where no engine hands any over."""
    return parse(_from_environment())


def parse(values: Mapping[str, Any]) -> Options:
    """Check each key and value; an unknown key is refused, not ignored."""
    known = {field.name for field in dataclasses.fields(Options)}
    unknown = sorted(set(values) - known)
    if unknown:
        raise ValueError(
            f"Unknown option of load format mows: {', '.join(unknown)}."
            f" It knows {', '.join(sorted(known))}"
        )
    checked: dict[str, Any] = {key: _CHECKS[key](key, value) for key, value in values.items()}
    return Options(**checked)


def _from_environment() -> Mapping[str, Any]:
    text = os.environ.get(ENVIRONMENT_KEY, "")
    if not text.strip():
        return {}
    try:
        value = json.loads(text)
    except ValueError as error:
        raise ValueError(f"{ENVIRONMENT_KEY} is no JSON ({error}): {text}") from error
    return _object(value, ENVIRONMENT_KEY)


def _object(value: object, where: str) -> Mapping[str, Any]:
    if isinstance(value, Mapping):
        return value
    raise TypeError(f"{where} has to be a JSON object, but is {value!r}")


def _paths(key: str, value: object) -> dict[str, str]:
    pairs = _object(value, f"Option {key} of load format mows").items()
    for origin, mount in pairs:
        for path in (origin, mount):
            if not isinstance(path, str) or not path.startswith("/"):
                raise ValueError(
                    f"Option {key} of load format mows names {path!r}: both sides have to be"
                    " absolute paths"
                )
    return {_trimmed(origin): _trimmed(mount) for origin, mount in pairs}


def _trimmed(path: str) -> str:
    return path.rstrip("/") or "/"


def _flag(key: str, value: object) -> bool:
    if isinstance(value, bool):
        return value
    raise ValueError(f"Option {key} of load format mows is {value!r}: say true or false")


def _number(key: str, value: object) -> float:
    if isinstance(value, (int, float)) and not isinstance(value, bool) and value >= 0:
        return float(value)
    raise ValueError(f"Option {key} of load format mows is {value!r}: say a number, 0 or more")


def _rate(key: str, value: object) -> float | None:
    if value is None:
        return None
    return _number(key, value) or None


_CHECKS = {
    "paths": _paths,
    "wait": _flag,
    "stall_seconds": _number,
    "progress_seconds": _number,
    "link_gbit": _rate,
}
