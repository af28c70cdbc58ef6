# SPDX-License-Identifier: Apache-2.0
"""SGLang, cut down to what `mows` touches; written from the source of 0.5.23."""

from __future__ import annotations

import dataclasses
import enum
import functools
import importlib
import types
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from fakes import modules

PREFIX = "sglang.srt"


class LoadFormat(str, enum.Enum):
    AUTO = "auto"
    MISTRAL = "mistral"
    GGUF = "gguf"


class HookType(enum.Enum):
    AROUND = "around"


@dataclasses.dataclass
class LoadConfig:
    load_format: Any = LoadFormat.AUTO
    model_loader_extra_config: Any = dataclasses.field(default_factory=dict)

    def __post_init__(self) -> None:
        self._verify_load_format()

    def _verify_load_format(self) -> None:
        self.load_format = LoadFormat(self.load_format.lower())


class DefaultModelLoader:
    def __init__(self, load_config: LoadConfig) -> None:
        unexpected = set(load_config.model_loader_extra_config) - {"num_threads"}
        if unexpected:
            raise ValueError(f"Unexpected extra config keys: {unexpected}")
        self.load_config = load_config

    def _prepare_weights(
        self,
        model_name_or_path: str,
        revision: str | None,
        fall_back_to_pt: bool,  # noqa: FBT001 as in SGLang
        allow_patterns_overrides: list[str] | None = None,
    ) -> tuple[str, list[str], bool]:
        files = sorted(str(file) for file in Path(model_name_or_path).glob("*.safetensors"))
        return model_name_or_path, files, True

    def _get_weights_iterator(
        self, source: str, *, resolved_source: list[str] | None = None
    ) -> Iterator[Any]:
        if resolved_source is None:
            _, files, _ = self._prepare_weights(source, None, True)  # noqa: FBT003
        else:
            files = resolved_source
        safetensors = importlib.import_module("safetensors")
        return (safetensors.safe_open(file, framework="pt", device="cpu") for file in files)

    def load_model(self, source: str) -> list[Any]:
        return list(self._get_weights_iterator(source))


class QuantizedLoader(DefaultModelLoader):
    """As SGLang has some for quantised checkpoints."""


class Engine:
    """What a test sees of the fake."""

    def __init__(self) -> None:
        self.choices = ["auto", "mistral"]
        self.opened: list[str] = []
        self.native: str | None = None
        self.hooks: list[tuple[str, Callable[..., Any]]] = []
        self.patched: set[str] = set()
        self.open_error: Exception | None = None

    def register(self, target: str, hook: Callable[..., Any], kind: HookType) -> None:
        assert kind is HookType.AROUND
        self.hooks.append((target, hook))

    def safe_open(self, path: str, **_: Any) -> str:
        self.opened.append(path)
        if self.open_error is not None:
            raise self.open_error
        return Path(path).name


def loader(config: LoadConfig, kind: type[DefaultModelLoader] = DefaultModelLoader) -> Any:
    return kind(config)


def install(monkeypatch: pytest.MonkeyPatch) -> Engine:
    engine = Engine()

    def apply_hooks() -> None:
        for target, hook in engine.hooks:
            if target not in engine.patched:
                engine.patched.add(target)
                _around(monkeypatch, target, hook)

    registry = types.SimpleNamespace(register=engine.register, apply_hooks=apply_hooks)
    put = functools.partial(modules.put, monkeypatch)
    put(f"{PREFIX}.plugins.hook_registry", HookRegistry=registry, HookType=HookType)
    put(
        f"{PREFIX}.server_args",
        LOAD_FORMAT_CHOICES=engine.choices,
        add_load_format_choices=engine.choices.extend,
    )
    put(f"{PREFIX}.configs.load_config", LoadConfig=LoadConfig)
    put(f"{PREFIX}.model_loader.loader", DefaultModelLoader=DefaultModelLoader)
    put(
        f"{PREFIX}.arg_groups.model_path_hook",
        handle_load_format=lambda server_args: server_args.load_format,
        check_gguf_file=lambda path: path.endswith(".gguf"),
        is_mistral_native_format=lambda server_args: engine.native == "mistral",
    )

    def declare(server_args: Any, source: str, load_format: str) -> None:
        server_args.load_format = load_format

    put(
        f"{PREFIX}.arg_groups.overrides",
        resolving_view=lambda server_args: server_args,
        declare_resolution=declare,
    )
    put("safetensors", safe_open=engine.safe_open)
    return engine


def _around(monkeypatch: pytest.MonkeyPatch, target: str, hook: Callable[..., Any]) -> None:
    path, name = target.rsplit(".", 1)
    owner: Any
    try:
        owner = importlib.import_module(path)
    except ImportError:
        module, _, kind = path.rpartition(".")
        owner = getattr(importlib.import_module(module), kind)
    original = getattr(owner, name)

    @functools.wraps(original)
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        return hook(original, *args, **kwargs)

    monkeypatch.setattr(owner, name, wrapper)
