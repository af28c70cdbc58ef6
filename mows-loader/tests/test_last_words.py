# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

SOURCES = Path(__file__).resolve().parents[1] / "src"
CHILD = "from mows_loader import last_words; last_words.listen(); last_words.leave({!r})"
PARENT = """
import subprocess, sys
from mows_loader import last_words
last_words.listen()
for child in sys.argv[1:]:
    subprocess.run([sys.executable, "-c", child], check=True)
raise RuntimeError("another process has failed")
"""


def run(directory: Path, *children: str) -> list[str]:
    environment = {**os.environ, "PYTHONPATH": str(SOURCES), "TMPDIR": str(directory)}
    environment.pop("MOWS_LOADER_LAST_WORDS", None)
    command = [sys.executable, "-c", PARENT, *children]
    ended = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)  # noqa: S603
    assert ended.returncode == 1
    return ended.stderr.splitlines()


def test_should_say_the_first_reason_after_the_traceback(tmp_path: Path) -> None:
    lines = run(tmp_path, CHILD.format("MoWS: the first"), CHILD.format("MoWS: the second"))
    assert lines[-2:] == ["RuntimeError: another process has failed", "MoWS: the first"]
    assert list(tmp_path.iterdir()) == []


def test_should_say_nothing_if_nothing_was_left(tmp_path: Path) -> None:
    assert run(tmp_path)[-1] == "RuntimeError: another process has failed"


def test_should_not_repeat_what_the_own_traceback_says(tmp_path: Path) -> None:
    own = PARENT.replace("for child", "last_words.leave('MoWS: mine')\nfor child")
    environment = {**os.environ, "PYTHONPATH": str(SOURCES), "TMPDIR": str(tmp_path)}
    environment.pop("MOWS_LOADER_LAST_WORDS", None)
    ended = subprocess.run(  # noqa: S603
        [sys.executable, "-c", own], env=environment, capture_output=True, text=True, check=False
    )
    assert "MoWS: mine" not in ended.stderr
