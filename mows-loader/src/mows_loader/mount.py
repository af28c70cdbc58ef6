# SPDX-License-Identifier: Apache-2.0
"""What the loader asks of the mount. Tests give it another one."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
from collections.abc import Iterable
from typing import Protocol

from mows_loader import status, wantlist

_NOT_THERE = (errno.ENOTTY, errno.ENOSYS, errno.EOPNOTSUPP, errno.EINVAL)


class Mount(Protocol):
    """The mount, as the loader sees it. Every call returns at once."""

    def status(self, path: str) -> status.Status | None:
        """Tell what the worker knows of a path; None if no worker of ours answers."""

    def open(self, directory: str) -> int:
        """Open a directory; what is wanted by its descriptor ends when that is closed."""

    def close(self, descriptor: int) -> None:
        """Close it."""

    def lead(self, descriptor: int) -> bool:
        """Try to become the one of this node's processes that speaks for the directory."""

    def want(self, descriptor: int, names: Iterable[str]) -> bool:
        """Hand over a want-list; False if nobody takes it."""

    def read_through(self, path: str) -> None:
        """Read a file once, so that what keeps it from arriving is an error and not a signal."""


class KernelMount:
    """The mount of this machine."""

    _READ_BYTES = 8 << 20

    def status(self, path: str) -> status.Status | None:
        """See Mount."""
        try:
            return status.parse(os.getxattr(path, status.ATTRIBUTE))
        except OSError:
            return None

    def open(self, directory: str) -> int:
        """See Mount."""
        return os.open(directory, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)

    def close(self, descriptor: int) -> None:
        """See Mount."""
        os.close(descriptor)

    def lead(self, descriptor: int) -> bool:
        """See Mount. The lock of a process that dies goes to another one."""
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        except OSError:
            return True  # no locks here: rather several that speak than nobody
        return True

    def want(self, descriptor: int, names: Iterable[str]) -> bool:
        """See Mount."""
        try:
            for payload in wantlist.payloads(names):
                # A missing name does not keep the worker from the rest; the engine will miss it.
                with contextlib.suppress(FileNotFoundError):
                    fcntl.ioctl(descriptor, wantlist.request(len(payload)), bytearray(payload))
        except OSError as error:
            if error.errno in _NOT_THERE:
                return False
            raise
        return True

    def read_through(self, path: str) -> None:
        """See Mount."""
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        try:
            buffer = bytearray(self._READ_BYTES)
            offset = 0
            while count := os.preadv(descriptor, [buffer], offset):
                offset += count
        finally:
            os.close(descriptor)
