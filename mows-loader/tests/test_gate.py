# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import types
from pathlib import Path
from typing import Any

import pytest

from mows_loader import gate


def module(**names: Any) -> types.ModuleType:
    result = types.ModuleType("fake")
    vars(result).update(names)
    return result


def test_should_call_before_each_open_and_leave_no_trace() -> None:
    happened: list[str] = []

    def safe_open(path: str, framework: str) -> str:
        happened.append(f"open {path}")
        return framework

    engine = module(safe_open=safe_open)
    opens = gate.of(engine, None, torch=None)
    with opens.watched_by(lambda path: happened.append(f"wait {path}")):
        assert engine.safe_open("a", framework="pt") == "pt"
    assert happened == ["wait a", "open a"]
    assert engine.safe_open is safe_open


def test_should_not_open_what_cannot_be_had() -> None:
    opened: list[str] = []
    engine = module(load_file=opened.append)

    def refuse(path: str) -> None:
        raise OSError(path)

    with gate.of(engine).watched_by(refuse), pytest.raises(OSError, match="a"):
        engine.load_file("a")
    assert opened == []


def test_should_watch_torch_and_paths_by_name() -> None:
    waited: list[str] = []
    torch = module(load=lambda **_: None)
    with gate.of(torch=torch).watched_by(waited.append):
        torch.load(f=Path("/a"))
        torch.load(f=3)
    assert waited == ["/a"]


def test_should_let_loads_overlap() -> None:
    waited: list[str] = []
    engine = module(safe_open=lambda path: path)
    original = engine.safe_open
    opens = gate.of(engine)
    with opens.watched_by(waited.append):
        with opens.watched_by(waited.append):
            engine.safe_open("both")
        engine.safe_open("one")
    assert waited == ["both", "both", "one"]
    assert engine.safe_open is original


def test_should_know_that_it_has_nothing_to_watch() -> None:
    assert not gate.of(module(), None).works
