# SPDX-License-Identifier: Apache-2.0
"""Whether a worker fetches the files of a list, and in the list's order."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

# What 16 streams of the origin bring at once, in pieces of 4 MiB: so much of earlier files may be
# missing when a later one begins.
_AT_ONCE_BYTES = 16 * (4 << 20)


class Order:
    """Looks at files from time to time; the mapping has their lengths, in the list's order."""

    def __init__(self, directory: Path, lengths: Mapping[str, int]) -> None:
        self._directory = directory
        self._lengths = lengths
        self._ahead = False
        self._wrong: list[str] = []

    def look(self) -> None:
        """Ask what is here by now."""
        missing = 0
        for name, length in self._lengths.items():
            held = int(os.getxattr(self._directory / name, "user.mows.held_bytes"))
            if held and missing:
                self._ahead = True
            if held and missing > _AT_ONCE_BYTES:
                self._wrong.append(
                    f"{name} came when {missing} bytes of earlier files were missing"
                )
            missing += length - held

    def faults(self) -> list[str]:
        """Tell what was wrong: of files that nobody has opened yet, some have to come."""
        nothing = [] if self._ahead else ["no file came before the one before it was complete"]
        return nothing + self._wrong[:1]
