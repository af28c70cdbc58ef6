# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from mows_loader import session

SHARDS = [f"model-{number:05}-of-00003.safetensors" for number in (1, 2, 3)]


@pytest.fixture(autouse=True)
def _no_options(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MOWS_LOADER_OPTIONS", raising=False)


@pytest.fixture(autouse=True)
def _quick_polls(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session, "_POLL_SECONDS", 0.001)


@pytest.fixture
def model(tmp_path: Path) -> Path:
    folder = tmp_path / "model"
    folder.mkdir()
    for name in [*SHARDS, "config.json"]:
        (folder / name).write_bytes(b"x" * 100)
    return folder


@pytest.fixture
def files(model: Path) -> list[str]:
    return [str(model / name) for name in SHARDS]


@pytest.fixture
def lines(caplog: pytest.LogCaptureFixture) -> Iterator[list[str]]:
    caplog.set_level(logging.INFO)
    said: list[str] = []

    class Listener(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            said.append(record.getMessage())

    listener = Listener()
    logging.getLogger().addHandler(listener)
    yield said
    logging.getLogger().removeHandler(listener)
