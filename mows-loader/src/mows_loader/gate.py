# SPDX-License-Identifier: Apache-2.0
"""A gate before the engine's opens: a file that is mapped before it is whole can end in a SIGBUS.

An error in a mapping is a signal that no Python code can catch, so the loader has to know of the
open before it happens. The engines open files by `safe_open`, `load_file` and `torch.load`, which
are names in modules; while a load runs, these names wait for the file first.
"""

from __future__ import annotations

import contextlib
import functools
import os
import threading
from collections.abc import Callable, Iterator, Sequence
from types import ModuleType
from typing import Any

Wait = Callable[[str], None]

_NAMES = ("safe_open", "load_file")


class Gate:
    """The places to watch. Loads may overlap: the names are back when the last one ends."""

    def __init__(self, places: Sequence[tuple[object, str]]) -> None:
        self._places = [(owner, name) for owner, name in places if hasattr(owner, name)]
        self._lock = threading.Lock()
        self._waits: list[Wait] = []
        self._originals: list[Any] = []

    @property
    def works(self) -> bool:
        """Whether there is any place to watch."""
        return bool(self._places)

    @contextlib.contextmanager
    def watched_by(self, wait: Wait) -> Iterator[None]:
        """Call `wait` with each path before it is opened, as long as this lasts."""
        with self._lock:
            self._waits.append(wait)
            if len(self._waits) == 1:
                self._set()
        try:
            yield
        finally:
            with self._lock:
                self._waits.remove(wait)
                if not self._waits:
                    self._reset()

    def _set(self) -> None:
        self._originals = [getattr(owner, name) for owner, name in self._places]
        for (owner, name), original in zip(self._places, self._originals, strict=True):
            setattr(owner, name, self._gated(original))

    def _reset(self) -> None:
        for (owner, name), original in zip(self._places, self._originals, strict=True):
            setattr(owner, name, original)

    def _gated(self, original: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(original, updated=())
        def opened(*args: Any, **kwargs: Any) -> Any:
            for value in (*args, *kwargs.values()):
                if isinstance(value, (str, os.PathLike)):
                    for wait in tuple(self._waits):
                        wait(os.fspath(value))
                    break
            return original(*args, **kwargs)

        return opened


def of(*modules: ModuleType | None, torch: ModuleType | None = None) -> Gate:
    """Watch the names by which the given modules open weights."""
    places: list[tuple[object, str]] = []
    for module in modules:
        places += [(module, name) for name in _NAMES]
    places.append((torch, "load"))
    return Gate(places)
