# SPDX-License-Identifier: Apache-2.0
"""The want-list: names of files, in the order in which they will be read, handed to the worker."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence

MOST_BYTES = 16383  # an ioctl's number holds the size of what is handed over in 14 bits
_WRITE = 1 << 30
_LETTER = ord("M") << 8
_NUMBER = 1


def request(size: int) -> int:
    """Compute the ioctl's number for so many bytes."""
    if not 1 <= size <= MOST_BYTES:
        raise ValueError(f"{size} bytes do not fit into one call of a want-list")
    return _WRITE | size << 16 | _LETTER | _NUMBER


def base_of(files: Sequence[str]) -> str:
    """Find the directory that holds all files; links are followed, as the worker sees no links."""
    return os.path.commonpath([os.path.dirname(os.path.realpath(file)) for file in files])


def names(base: str, files: Iterable[str]) -> list[str]:
    """Name files relative to the directory, each once, in the given order."""
    relative = (os.path.relpath(os.path.realpath(file), base) for file in files)
    return list(dict.fromkeys(relative))


def payloads(relative: Iterable[str]) -> Iterator[bytes]:
    """Pack names, each ended by NUL, into as few calls as can be."""
    packed = b""
    for name in relative:
        item = os.fsencode(name) + b"\0"
        if len(packed) + len(item) > MOST_BYTES:
            yield packed
            packed = b""
        packed += item
    if packed:
        yield packed
