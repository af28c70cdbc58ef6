# SPDX-License-Identifier: Apache-2.0
"""Errors that name the file, the reason and the remedy."""

from __future__ import annotations

import errno
import os

from mows_loader import progress
from mows_loader.status import Status

_SEE_WORKER = "`alluxio fs mows status` says what the worker waits for; its log says since when"


class LoadError(RuntimeError):
    """A file of the model cannot be had. The text is what the last lines of the log should say."""

    def __init__(self, path: str, reason: str, remedy: str) -> None:
        super().__init__(f"MoWS: cannot load {path}: {reason}. {remedy}.")
        self.path = path


def wrong(path: str) -> LoadError:
    """Say that the bytes are not those that the manifest promises."""
    return LoadError(
        path,
        "its CRC32 is not the one in the model's manifest",
        "Put the right file or the right entry at the origin; `alluxio fs mows verify` with the"
        " model's path in Alluxio says which is wrong",
    )


def explain(path: str, error: BaseException, told: Status | None) -> LoadError | None:
    """Say why a read of a file failed; None if the failure was not the mount's."""
    if told is not None and told.wrong_files > 0:
        return wrong(path)
    waits_for = told.waits_for if told is not None else None
    if isinstance(error, FileNotFoundError):
        return LoadError(
            path, "the mount does not show it any more", "See whether the model was removed"
        )
    if isinstance(error, OSError):
        reason = os.strerror(error.errno) if error.errno else str(error)
        if waits_for:
            reason += f"; the worker waits: {progress.shortened(waits_for)}"
        elif error.errno == errno.EIO:
            reason += "; the worker could not get its bytes"
        elif error.errno == errno.ENOTCONN:
            return LoadError(path, f"{reason}: the worker is away", "Start the worker again")
        return LoadError(path, reason, f"Start again when the origin answers; {_SEE_WORKER}")
    if waits_for:
        return LoadError(
            path,
            f"{error}; the worker waits: {progress.shortened(waits_for)}",
            f"Start again when the origin answers; {_SEE_WORKER}",
        )
    return None
