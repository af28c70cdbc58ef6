# SPDX-License-Identifier: Apache-2.0
"""The contract with each version of vLLM. Real ones: `bin/test-engines`."""

from __future__ import annotations

import copy
import errno
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from fakes import fake_vllm
from fakes.fake_vllm import Engine, Model, ModelConfig
from fakes.mount import FakeMount, arriving, never, on_mows
from mows_loader.engines import vllm
from mows_loader.errors import LoadError


@pytest.fixture(params=fake_vllm.VERSIONS)
def engine(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    vllm.loader_class.cache_clear()
    fake = fake_vllm.install(monkeypatch, request.param)
    vllm.register()
    yield fake
    vllm.loader_class.cache_clear()


@pytest.fixture
def mount(files: list[str], monkeypatch: pytest.MonkeyPatch) -> FakeMount:
    fake = FakeMount({file: arriving() for file in files})
    monkeypatch.setattr("mows_loader.watch.KernelMount", lambda: fake)
    monkeypatch.setattr("mows_loader.watch.default_mount_of", on_mows)
    return fake


def names(model: Model) -> list[str]:
    return sorted(model.loaded)


def expected(files: list[str]) -> list[str]:
    return [f"pt {Path(file).name}" for file in files]


def test_should_register_once(engine: Engine) -> None:
    vllm.register()
    assert engine.registrations == 1


def test_should_load_as_usual_elsewhere(
    engine: Engine, model: Path, files: list[str], lines: list[str]
) -> None:
    taken = engine.loader().load_model(Model(), ModelConfig(str(model)))
    assert names(taken) == expected(files)
    assert len(lines) == 1
    assert "loading as usual" in lines[0]


def test_should_ask_for_exactly_the_engines_files(
    engine: Engine, model: Path, files: list[str], mount: FakeMount, lines: list[str]
) -> None:
    (model / "decoy.bin").write_bytes(b"x")
    taken = engine.loader().load_model(Model(), ModelConfig(str(model)))
    assert names(taken) == expected(files)
    assert sorted(mount.wanted) == [Path(file).name for file in files]
    assert mount.closed == 1
    assert "3 files" in lines[-1]


def test_should_open_a_file_only_when_it_is_whole(
    engine: Engine, model: Path, files: list[str], mount: FakeMount
) -> None:
    loader = engine.loader()
    for _ in loader.get_all_weights(ModelConfig(str(model)), Model()):
        assert mount.states[engine.opened[-1]].whole
    assert sorted(engine.opened) == files


def test_should_refuse_unknown_keys_and_pass_on_those_of_vllm(engine: Engine) -> None:
    with pytest.raises(ValueError, match="threads"):
        engine.loader(model_loader_extra_config={"mows": {"threads": 8}})
    with pytest.raises(ValueError, match="mowz"):
        engine.loader(model_loader_extra_config={"mowz": {}})
    loader = engine.loader(model_loader_extra_config={"num_threads": 3, "mows": {}})
    assert loader.inner.load_config.model_loader_extra_config == {"num_threads": 3}
    assert loader.inner.load_config.load_format == "auto"
    assert loader.load_config.load_format == "mows"


def test_should_load_from_the_mount_what_the_command_names_at_the_origin(
    engine: Engine, model: Path, files: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    paths = {"/mnt/data": str(model.parent)}
    monkeypatch.setenv("MOWS_LOADER_OPTIONS", json.dumps({"paths": paths}))
    engine.loader().load_model(Model(), ModelConfig("/mnt/data/model"))
    assert sorted(engine.opened) == files


def test_should_use_the_origins_path_if_the_mount_does_not_show_it(
    engine: Engine, model: Path, files: list[str], lines: list[str]
) -> None:
    extra = {"mows": {"paths": {str(model.parent): "/not/there"}}}
    loader = engine.loader(model_loader_extra_config=extra)
    loader.load_model(Model(), ModelConfig(str(model)))
    assert sorted(engine.opened) == files
    assert "the mount does not show /not/there/model" in lines[0]


def test_should_load_a_second_source(
    engine: Engine, model: Path, files: list[str], mount: FakeMount
) -> None:
    other = model.parent / "other"
    other.mkdir()
    (other / "projector.safetensors").write_bytes(b"x" * 100)
    mount.states[str(other / "projector.safetensors")] = arriving()
    loader = engine.loader()
    taken = loader.load_model(Model(secondary=str(other)), ModelConfig(str(model)))
    assert len(names(taken)) == 4
    assert mount.closed == 2


def test_should_hold_no_list_after_a_download(
    engine: Engine, model: Path, files: list[str], mount: FakeMount
) -> None:
    mount.steps = never
    engine.loader().download_model(ModelConfig(str(model)))
    assert mount.closed == len(mount.opened) == 1


def test_should_say_what_is_wrong_with_which_file(
    engine: Engine, model: Path, files: list[str], mount: FakeMount, lines: list[str]
) -> None:
    mount.states[files[1]] = arriving(held=100, wrong_files=1)
    loader = engine.loader()
    with pytest.raises(LoadError, match=f"{Path(files[1]).name}.*CRC32"):
        loader.load_model(Model(), ModelConfig(str(model)))
    assert files[1] not in engine.opened
    assert mount.closed == 1
    assert "CRC32" in lines[-1]


def test_should_say_why_a_read_failed(
    engine: Engine, model: Path, files: list[str], mount: FakeMount
) -> None:
    engine.open_error = OSError(errno.EIO, "Input/output error")
    with pytest.raises(LoadError, match="could not get its bytes"):
        engine.loader().load_model(Model(), ModelConfig(str(model)))


def test_should_leave_an_error_of_the_engine_as_it_is(
    engine: Engine, model: Path, files: list[str], mount: FakeMount
) -> None:
    engine.open_error = ValueError("wrong shape")
    with pytest.raises(ValueError, match="wrong shape"):
        engine.loader().load_model(Model(), ModelConfig(str(model)))
    assert mount.closed == 1


def test_should_have_what_the_default_loader_has(engine: Engine) -> None:
    loader = engine.loader()
    assert loader.counter_before_loading_weights == 0.0
    assert not hasattr(loader, "no_such_thing")
    assert copy.copy(loader).inner is loader.inner
