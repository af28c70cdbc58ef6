# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import errno
import json
import os
from pathlib import Path
from typing import Any

import pytest

from fakes.mount import FakeMount, arriving, on_mows
from mows_loader.__main__ import main


@pytest.fixture
def mount(model: Path, files: list[str]) -> FakeMount:
    states = {file: arriving() for file in files}
    return FakeMount({**states, str(model): arriving(held=50)})


def run(arguments: list[str], mount: FakeMount) -> int:
    return main(arguments, mount, on_mows)


def test_should_warm(model: Path, files: list[str], mount: FakeMount) -> None:
    assert run(["warm", str(model)], mount) == 0
    assert mount.wanted == [Path(file).name for file in files]
    assert all(mount.states[file].whole for file in files)


def test_should_say_that_no_worker_answers(model: Path, lines: list[str]) -> None:
    assert run(["warm", str(model)], FakeMount({})) == 3
    assert run(["plan", str(model)], FakeMount({})) == 3
    assert run(["status", str(model)], FakeMount({})) == 3


def test_should_plan(
    model: Path, files: list[str], mount: FakeMount, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["plan", "--json", str(model)], mount) == 0
    rows = json.loads(capsys.readouterr().out)
    assert rows == [{"file": file, "bytes": 100, "heldBytes": 0} for file in files]
    assert run(["plan", str(model)], mount) == 0
    assert capsys.readouterr().out.count("GB held") == 3


def test_should_tell_the_status(
    model: Path, mount: FakeMount, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["status", str(model)], mount) == 0
    assert "50 % of" in capsys.readouterr().out
    assert run(["status", "--json", str(model)], mount) == 0
    assert json.loads(capsys.readouterr().out)["held_bytes"] == 50
    mount.states[str(model)] = arriving(held=100, wrong_files=1)
    assert run(["status", str(model)], mount) == 1


def test_should_map_the_origins_path(
    model: Path, mount: FakeMount, monkeypatch: pytest.MonkeyPatch
) -> None:
    options = {"paths": {"/mnt/data": str(model.parent)}}
    monkeypatch.setenv("MOWS_LOADER_OPTIONS", json.dumps(options))
    assert run(["status", "/mnt/data/model"], mount) == 0


@pytest.mark.parametrize("command", ["plan", "warm", "status"])
def test_should_fail_where_nothing_is(
    command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run([command, str(tmp_path / "absent")], FakeMount({})) == 1
    assert "is not there" in capsys.readouterr().err


def test_should_say_that_this_user_is_not_let_in(
    model: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    stat = os.stat

    def closed(path: Any, *args: Any, **kwargs: Any) -> os.stat_result:
        if path == str(model):
            raise PermissionError(errno.EACCES, "Permission denied", path)
        return stat(path, *args, **kwargs)

    monkeypatch.setattr(os, "stat", closed)
    assert run(["status", str(model)], FakeMount({})) == 1
    assert "Permissions in docs/mount.md" in capsys.readouterr().err


def test_should_fail_where_no_weights_are(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["warm", str(tmp_path)], FakeMount({})) == 1
    assert "no weights" in capsys.readouterr().err
