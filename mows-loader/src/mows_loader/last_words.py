# SPDX-License-Identifier: Apache-2.0
"""Why a load failed, once more at the end of the log, where people look.

An engine of several processes prints a traceback of each: that of the process which failed comes
first, and those that come after it, a hundred lines, only say that another process has failed.
"""

from __future__ import annotations

import atexit
import contextlib
import os
import secrets
import sys
import tempfile

_WHERE = "MOWS_LOADER_LAST_WORDS"  # the file's path, for the processes that are started
_listener = 0


def listen() -> None:
    """Say at the end of this process what those it starts have left; the first call counts."""
    global _listener  # noqa: PLW0603 of the process, as the environment and its end are
    if _WHERE in os.environ:
        return
    _listener = os.getpid()
    path = os.path.join(tempfile.gettempdir(), f"mows-loader-{secrets.token_hex(16)}")
    os.environ[_WHERE] = path
    atexit.register(_say, path, _listener)


def leave(reason: str) -> None:
    """Leave a reason for the end of the log; the first one counts."""
    path = os.environ.get(_WHERE)
    if path is None or os.getpid() == _listener:  # its own traceback will be the last one
        return
    with contextlib.suppress(OSError):
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(reason)


def _say(path: str, listener: int) -> None:
    if os.getpid() != listener:  # a fork of it
        return
    with contextlib.suppress(OSError):
        with open(path) as file:
            reason = file.read()
        os.unlink(path)
        sys.stderr.write(f"{reason}\n")
