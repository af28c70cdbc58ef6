# SPDX-License-Identifier: Apache-2.0
"""What the worker tells of a file or directory: attribute `user.mows.status`, one JSON object."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterable

ATTRIBUTE = "user.mows.status"


@dataclasses.dataclass(frozen=True)
class Status:
    """Sums over the files below the path; what was fetched, since the worker began."""

    files: int = 0
    bytes: int = 0
    held_bytes: int = 0
    whole_files: int = 0
    proven_files: int = 0
    wrong_files: int = 0
    unproven_files: int = 0
    origin_bytes: int = 0
    peer_bytes: int = 0
    bytes_per_second: int = 0
    end_seconds: float | None = None
    waits_for: str | None = None
    passthrough: bool = False

    @property
    def whole(self) -> bool:
        """Whether all bytes are in the worker's memory."""
        return self.whole_files >= self.files

    @property
    def ready(self) -> bool:
        """Whether nothing is left to come: all bytes, and their proof if there is a manifest."""
        return self.whole and self.unproven_files == 0 and self.wrong_files == 0


def parse(text: bytes) -> Status | None:
    """Read the attribute; None if it is none that this loader can rely on."""
    try:
        value = json.loads(text)
        return Status(
            files=int(value["files"]),
            bytes=int(value["bytes"]),
            held_bytes=int(value["heldBytes"]),
            whole_files=int(value["wholeFiles"]),
            proven_files=int(value.get("provenFiles", 0)),
            wrong_files=int(value.get("wrongFiles", 0)),
            unproven_files=int(value.get("unprovenFiles", 0)),
            origin_bytes=int(value.get("originBytes", 0)),
            peer_bytes=int(value.get("peerBytes", 0)),
            bytes_per_second=int(value.get("bytesPerSecond") or 0),
            end_seconds=_seconds(value.get("endSeconds")),
            waits_for=value.get("waitsFor") or None,
            passthrough=bool(value.get("passthrough", False)),
        )
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


def total(parts: Iterable[Status]) -> Status:
    """Add up files. They arrive together, so that the last one's end is the end."""
    result = Status()
    for part in parts:
        ends = [end for end in (result.end_seconds, part.end_seconds) if end is not None]
        result = Status(
            files=result.files + part.files,
            bytes=result.bytes + part.bytes,
            held_bytes=result.held_bytes + part.held_bytes,
            whole_files=result.whole_files + part.whole_files,
            proven_files=result.proven_files + part.proven_files,
            wrong_files=result.wrong_files + part.wrong_files,
            unproven_files=result.unproven_files + part.unproven_files,
            origin_bytes=result.origin_bytes + part.origin_bytes,
            peer_bytes=result.peer_bytes + part.peer_bytes,
            bytes_per_second=result.bytes_per_second + part.bytes_per_second,
            end_seconds=max(ends) if ends else None,
            waits_for=result.waits_for or part.waits_for,
            passthrough=part.passthrough,
        )
    return result


def _seconds(value: object) -> float | None:
    return float(value) if isinstance(value, (int, float)) else None
