# SPDX-License-Identifier: Apache-2.0
"""A mount without a worker: each poll of a file that is wanted brings some of its bytes."""

from __future__ import annotations

import dataclasses
import threading
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from mows_loader.mounts import MountPoint
from mows_loader.status import Status

MOWS = MountPoint("/mnt/models", "fuse.mows")
EXT4 = MountPoint("/", "ext4")


def on_mows(path: str) -> MountPoint:
    return MOWS


def on_ext4(path: str) -> MountPoint:
    return EXT4


def arriving(size: int = 100, held: int = 0, **more: object) -> Status:
    state = Status(
        files=1,
        bytes=size,
        held_bytes=held,
        whole_files=int(held == size),
        bytes_per_second=0 if held == size else 50,
    )
    return dataclasses.replace(state, **more)  # type: ignore[arg-type]


class FakeMount:
    """Threads may call it. `steps` says what a wanted file's next status is."""

    def __init__(self, states: dict[str, Status], *, takes_lists: bool = True) -> None:
        self.states = states
        self.takes_lists = takes_lists
        self.leader_elsewhere = False
        self.wanted: list[str] = []
        self.opened: list[str] = []
        self.closed = 0
        self.read: list[str] = []
        self.read_error: OSError | None = None
        self.steps: Callable[[Status], Status] = whole_at_once
        self.asked = 0
        self._lock = threading.Lock()

    def status(self, path: str) -> Status | None:
        with self._lock:
            self.asked += 1
            state = self.states.get(path)
            if state is not None and Path(path).name in self.wanted:
                state = self.states[path] = self.steps(state)
            return state

    def open(self, directory: str) -> int:
        self.opened.append(directory)
        return 7

    def close(self, descriptor: int) -> None:
        assert descriptor == 7
        self.closed += 1

    def lead(self, descriptor: int) -> bool:
        return not self.leader_elsewhere

    def want(self, descriptor: int, names: Iterable[str]) -> bool:
        if self.takes_lists:
            with self._lock:
                self.wanted += names
        return self.takes_lists

    def read_through(self, path: str) -> None:
        self.read.append(path)
        if self.read_error is not None:
            raise self.read_error


def whole_at_once(state: Status) -> Status:
    return dataclasses.replace(
        state,
        held_bytes=state.bytes,
        whole_files=1,
        peer_bytes=state.bytes - state.held_bytes + state.peer_bytes,
        bytes_per_second=0,
    )


def never(state: Status) -> Status:
    return state


def ticking(step: float) -> Callable[[], float]:
    """Make a clock that moves on at each look."""
    ticks: Iterator[float] = iter(step * count for count in range(1_000_000))
    lock = threading.Lock()

    def now() -> float:
        with lock:
            return next(ticks)

    return now
