# SPDX-License-Identifier: Apache-2.0
"""What is known of files that arrive. Pure: who calls it brings the status and the time."""

from __future__ import annotations

import dataclasses
import enum
from collections.abc import Sequence

from mows_loader import status
from mows_loader.status import Status

IDLE_SECONDS = 3.0
"""So long without a new byte while the worker fetches nothing: it will not fetch the rest."""


class Verdict(enum.Enum):
    """What to do with a file that the engine is about to open."""

    OPEN = "open"
    WAIT = "wait"
    READ_THROUGH = "read through"
    WRONG = "wrong"


@dataclasses.dataclass
class Arrivals:
    """The files in the engine's order, and when a byte of any of them came last."""

    files: Sequence[str]
    known: dict[str, Status]
    stall_seconds: float
    grown_at: float
    whole_at_first: frozenset[str] = dataclasses.field(init=False)

    def __post_init__(self) -> None:
        self.whole_at_first = frozenset(path for path in self.files if self.known[path].whole)

    def told(self, path: str, news: Status, now: float) -> None:
        """Note what the worker says of a file."""
        before = self.known[path]
        if _arrived(news) > _arrived(before):
            self.grown_at = now
        self.known[path] = news

    def unfinished(self) -> list[str]:
        """List the files that are not ready, in the engine's order."""
        return [path for path in self.files if not self._finished(path)]

    def _finished(self, path: str) -> bool:
        """Tell whether nothing more comes; what was here at first gets no proof by waiting."""
        told = self.known[path]
        return told.ready or (told.whole and path in self.whole_at_first)

    def total(self) -> Status:
        """Add up all files."""
        return status.total(self.known[path] for path in self.files)

    def verdict(self, path: str, now: float) -> Verdict:
        """Decide about a file. While bytes of any file come, a later one is worth waiting for."""
        told = self.known[path]
        if told.wrong_files > 0:
            return Verdict.WRONG
        if self._finished(path):
            return Verdict.OPEN
        quiet = now - self.grown_at
        if told.waits_for:
            return Verdict.READ_THROUGH if quiet >= self.stall_seconds else Verdict.WAIT
        busy = any(self.known[file].bytes_per_second > 0 for file in self.files)
        patience = self.stall_seconds if busy else min(IDLE_SECONDS, self.stall_seconds)
        return Verdict.OPEN if quiet >= patience else Verdict.WAIT


def _arrived(told: Status) -> int:
    """Count what only grows while a file comes: bytes here, and its proof."""
    return told.held_bytes + told.whole_files + told.proven_files
