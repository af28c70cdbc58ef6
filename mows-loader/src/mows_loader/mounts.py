# SPDX-License-Identifier: Apache-2.0
"""Which file system a path is on, and where the mount shows a directory of the origin."""

from __future__ import annotations

import dataclasses
import os
import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

MOWS_TYPE = "fuse.mows"
_TABLE = Path("/proc/self/mountinfo")


@dataclasses.dataclass(frozen=True)
class MountPoint:
    """A line of mountinfo, as far as it matters here."""

    path: str
    type: str

    @property
    def is_mows(self) -> bool:
        """Whether a MoWS worker serves it."""
        return self.type == MOWS_TYPE


def parse(lines: Iterable[str]) -> list[MountPoint]:
    """Read mountinfo (proc(5)): optional fields end with `-`, then comes the type."""
    points = []
    for line in lines:
        fields = line.split()
        if "-" in fields[6:]:
            kind = fields[fields.index("-", 6) + 1]
            points.append(MountPoint(_unescaped(fields[4]), kind))
    return points


def holding(path: str, points: Iterable[MountPoint]) -> MountPoint:
    """Find the mount that serves the path; of two at one place it is the later one."""
    best = MountPoint("/", "unknown")
    for point in points:
        if _below(path, point.path) and len(point.path) >= len(best.path):
            best = point
    return best


def of(path: str) -> MountPoint:
    """Find the mount of a path of this process."""
    try:
        lines = _TABLE.read_text(encoding="utf-8", errors="surrogateescape").splitlines()
    except OSError:
        return MountPoint("/", "unknown")
    return holding(os.path.realpath(path), parse(lines))


def mapped(
    path: str, paths: Mapping[str, str], is_directory: Callable[[str], bool] = os.path.isdir
) -> tuple[str, str | None]:
    """Turn a path of the origin into the mount's; the longest entry counts.

    Returns the path to use, and a line to say if an entry names the path, but the mount does not
    show it.
    """
    entries = [origin for origin in paths if _below(path, origin)]
    if not entries:
        return path, None
    origin = max(entries, key=len)
    rest = path[len(origin) :].strip("/")
    target = os.path.join(paths[origin], rest) if rest else paths[origin]
    if is_directory(target):
        return target, None
    return path, f"MoWS: the mount does not show {target}: loading {path} as usual"


def _below(path: str, parent: str) -> bool:
    return path == parent or path.startswith(parent.rstrip("/") + "/")


def _unescaped(text: str) -> str:
    return re.sub(r"\\([0-7]{3})", lambda match: chr(int(match.group(1), 8)), text)
