# SPDX-License-Identifier: Apache-2.0
"""The contract with SGLang. The real one: `bin/test-engines --all`."""

from __future__ import annotations

import errno
import sys
import types
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from fakes import fake_sglang
from fakes.fake_sglang import Engine, LoadConfig, LoadFormat, QuantizedLoader, loader
from fakes.mount import FakeMount, arriving, on_mows
from mows_loader.engines import sglang
from mows_loader.errors import LoadError


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    sglang._watch_loaders.cache_clear()
    fake = fake_sglang.install(monkeypatch)
    sglang.register()
    sys.modules["sglang.srt.plugins.hook_registry"].HookRegistry.apply_hooks()
    yield fake
    sglang._watch_loaders.cache_clear()


@pytest.fixture
def mount(files: list[str], monkeypatch: pytest.MonkeyPatch) -> FakeMount:
    fake = FakeMount({file: arriving() for file in files})
    monkeypatch.setattr("mows_loader.watch.KernelMount", lambda: fake)
    monkeypatch.setattr("mows_loader.watch.default_mount_of", on_mows)
    return fake


def names(files: list[str]) -> list[str]:
    return [Path(file).name for file in files]


def test_should_add_one_choice(engine: Engine) -> None:
    sglang.register()
    assert engine.choices == ["auto", "mistral", "mows"]


def test_should_touch_no_loader_of_another_format(
    engine: Engine, model: Path, files: list[str], lines: list[str]
) -> None:
    assert loader(LoadConfig("auto")).load_model(str(model)) == names(files)
    assert lines == []
    assert not any("DefaultModelLoader" in target for target in engine.patched)


def test_should_load_as_usual_elsewhere(
    engine: Engine, model: Path, files: list[str], lines: list[str]
) -> None:
    assert loader(LoadConfig("MOWS")).load_model(str(model)) == names(files)
    assert len(lines) == 1
    assert "loading as usual" in lines[0]


@pytest.mark.parametrize("kind", [fake_sglang.DefaultModelLoader, QuantizedLoader])
def test_should_ask_for_exactly_the_engines_files(
    engine: Engine, model: Path, files: list[str], mount: FakeMount, kind: Any
) -> None:
    config = LoadConfig("mows")
    assert config.load_format is LoadFormat.AUTO
    made = loader(config, kind)
    assert type(made) is kind
    assert made.load_model(str(model)) == names(files)
    assert mount.wanted == names(files)
    assert mount.closed == 1


def test_should_load_again_for_an_update_of_weights(
    engine: Engine, model: Path, files: list[str], mount: FakeMount
) -> None:
    loader(LoadConfig("mows")).load_model(str(model))
    made = loader(LoadConfig("mows"))
    assert isinstance(made, fake_sglang.DefaultModelLoader)
    assert list(made._get_weights_iterator(str(model))) == names(files)
    assert mount.closed == 2


def test_should_watch_files_that_were_chosen_earlier(
    engine: Engine, model: Path, files: list[str], mount: FakeMount
) -> None:
    made = loader(LoadConfig("mows"))
    chosen = made._prepare_weights(str(model), None, fall_back_to_pt=True)[1]
    weights = made._get_weights_iterator(str(model), resolved_source=chosen)
    assert list(weights) == names(files)
    assert mount.closed == 1


def test_should_use_methods_that_a_model_of_sglang_replaces_later(
    engine: Engine, model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = loader(LoadConfig("mows"))
    monkeypatch.setattr(
        fake_sglang.DefaultModelLoader,
        "_prepare_weights",
        lambda *_: (str(model), ["/presharded/0.safetensors"], True),
    )
    assert made.load_model(str(model)) == ["0.safetensors"]


def test_should_refuse_unknown_keys_and_pass_on_those_of_sglang(engine: Engine) -> None:
    with pytest.raises(ValueError, match="threads"):
        LoadConfig("mows", {"mows": {"threads": 8}})
    config = LoadConfig("mows", {"mows": {"wait": False}, "num_threads": 2})
    assert config.model_loader_extra_config == {"num_threads": 2}
    with pytest.raises(ValueError, match="mowz"):
        loader(LoadConfig("mows", {"mowz": {}}))


def test_should_say_why_a_read_failed(
    engine: Engine, model: Path, files: list[str], mount: FakeMount, lines: list[str]
) -> None:
    engine.open_error = OSError(errno.EIO, "Input/output error")
    with pytest.raises(LoadError, match=r"00001.*could not get its bytes"):
        loader(LoadConfig("mows")).load_model(str(model))
    assert "MoWS: cannot load" in lines[-1]


def arguments(path: str, load_format: str = "mows") -> Any:
    return types.SimpleNamespace(model_path=path, load_format=load_format)


def handled(server_args: Any) -> Any:
    return sys.modules["sglang.srt.arg_groups.model_path_hook"].handle_load_format(server_args)


def test_should_let_sglang_have_the_format_that_the_files_need(
    engine: Engine, lines: list[str]
) -> None:
    assert handled(arguments("/m/llama")) == "mows"
    assert lines == []
    assert handled(arguments("/m/llama.gguf")) == "gguf"
    engine.native = "mistral"
    assert handled(arguments("/m/mistral")) == "mistral"
    assert handled(arguments("/m/mistral", "dummy")) == "dummy"
    assert len(lines) == 2
