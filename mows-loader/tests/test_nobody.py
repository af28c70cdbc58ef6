# SPDX-License-Identifier: Apache-2.0
"""How the trials let an engine run as a user that is not root."""

from __future__ import annotations

from pathlib import Path

import nobody

CLOSED = {"/root", "/root/.cache/secret", "/tmp/cluster"}


def covered(*needed: str) -> dict[str, list[str]]:
    paths = [Path(path) for path in needed]
    parents = {parent for path in paths for parent in path.parents}
    is_open = {parent: str(parent) not in CLOSED for parent in parents}
    return {
        str(closed): [str(path) for path in inner]
        for closed, inner in nobody.covered(paths, is_open).items()
    }


def test_should_leave_what_others_reach() -> None:
    assert covered("/usr", "/work/tests", "/root") == {}


def test_should_cover_the_outermost_closed_directory_once() -> None:
    venv, home, mount = "/root/.cache/venv", "/root/.cache/secret/home", "/tmp/cluster/mount"
    assert covered(venv, home, "/usr", mount, venv) == {
        "/root": [venv, home],
        "/tmp/cluster": [mount],
    }


def test_should_tell_no_directory_of_who_starts_it() -> None:
    inherited = {"HOME": "/root", "XDG_CACHE_HOME": "/root/.cache", "PATH": "/bin"}
    environment = nobody.environment("/home/n", inherited)
    assert environment["PATH"] == "/bin"
    assert not any("/root" in value for value in environment.values())
