# SPDX-License-Identifier: Apache-2.0
"""One load of one list of files: asks for them, waits for them, says how far they are."""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Callable, Sequence

from mows_loader import errors, mounts, progress, wantlist
from mows_loader.arrivals import Arrivals, Verdict
from mows_loader.mount import Mount
from mows_loader.mounts import MountPoint
from mows_loader.options import Options
from mows_loader.status import Status

_POLL_SECONDS = 0.05
_SWEEP_SECONDS = 1.0
_LOOK_AHEAD = 4  # files that are asked about at each poll, beside those that somebody waits for


class Session:
    """Made by `begin`. Threads of the engine call `wait_for` at once; `close` may be repeated."""

    def __init__(  # noqa: PLR0913 one place puts it together
        self,
        folder: str,
        files: Sequence[str],
        known: dict[str, Status],
        *,
        mount: Mount,
        options: Options,
        log: logging.Logger,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._folder = folder
        self._mount = mount
        self._options = options
        self._log = log
        self._clock = clock
        self._began = clock()
        self._arrivals = Arrivals(files, known, options.stall_seconds, self._began)
        self._before = self._arrivals.total()
        self._base = wantlist.base_of(files)
        self._changed = threading.Condition()
        self._waited_for: set[str] = set()
        self._ended = False
        self._leads = False
        self._poller: threading.Thread | None = None
        self._descriptor = mount.open(self._base)
        self._opened: str | None = None

    def start(self) -> None:
        """Hand over the list, and begin to watch, if anything is still to come."""
        leads = self._mount.lead(self._descriptor)
        if leads:
            self._log.info(progress.beginning(self._folder, self._before))
        if not self._arrivals.unfinished():
            self._leads = leads
            return
        if leads:
            self._take_the_lead()
        self._poller = threading.Thread(target=self._watch, name="mows-loader", daemon=True)
        self._poller.start()

    def covers(self, path: str) -> bool:
        """Whether a file is one of the list."""
        return path in self._arrivals.known

    def wait_for(self, path: str) -> None:
        """Return when the engine should open the file; raise if it cannot be had."""
        if not self.covers(path):
            return
        self._opened = path
        if not self._options.wait:
            return
        with self._changed:
            self._waited_for.add(path)
            try:
                verdict = self._arrivals.verdict(path, self._clock())
                while verdict is Verdict.WAIT and not self._ended:
                    self._changed.wait(_SWEEP_SECONDS)
                    verdict = self._arrivals.verdict(path, self._clock())
            finally:
                self._waited_for.discard(path)
        if verdict is Verdict.WRONG:
            raise errors.wrong(path)
        if verdict is Verdict.READ_THROUGH:
            self._mount.read_through(path)

    def wait_for_all(self) -> None:
        """Wait for each file in turn; for engines whose opens cannot be watched."""
        for path in self._arrivals.files:
            self.wait_for(path)

    def explain(self, error: BaseException) -> errors.LoadError | None:
        """Say why a read failed, with what the worker says of the file by now."""
        if isinstance(error, errors.LoadError):
            return error
        named = getattr(error, "filename", None)
        candidates = [path for path in (named, self._opened) if path and self.covers(path)]
        candidates += [path for path in self._arrivals.files if path not in candidates]
        told = {path: self._mount.status(path) for path in candidates}
        for path, state in told.items():
            if state is not None and state.wrong_files > 0:
                return errors.wrong(path)
        if not candidates:
            return None
        return errors.explain(candidates[0], error, told[candidates[0]])

    def close(self, *, failed: bool = False) -> None:
        """End the list and the watching, and say how it went."""
        with self._changed:
            if self._ended:
                return
            self._ended = True
            self._changed.notify_all()
        if self._poller is not None:
            self._poller.join()
        self._mount.close(self._descriptor)
        if self._leads and not failed:
            seconds = self._clock() - self._began
            after = self._ask_all() if self._poller is not None else self._before
            self._log.info(progress.closing(self._before, after, seconds, self._options.link_gbit))

    def _take_the_lead(self) -> None:
        self._leads = True
        names = wantlist.names(self._base, self._arrivals.files)
        if not self._mount.want(self._descriptor, names):
            self._log.info(
                "MoWS: the worker takes no list of files: what is not in memory comes as it is read"
            )

    def _watch(self) -> None:
        swept_at = said_at = self._clock()
        rates = Rates(self._before.held_bytes, said_at)
        while True:
            with self._changed:
                if self._ended:
                    return
                self._changed.wait(_POLL_SECONDS)
                paths = self._next_paths()
            now = self._clock()
            if now - swept_at >= _SWEEP_SECONDS:
                swept_at = now
                paths = self._arrivals.unfinished()
                if not self._leads and self._mount.lead(self._descriptor):
                    self._take_the_lead()  # who had the list has gone
            if not self._ask(paths):
                return
            every = self._options.progress_seconds
            if self._leads and every > 0 and now - said_at >= every:
                said_at = now
                total = self._arrivals.total()
                self._log.info(progress.running(total, rates.since_last(total.held_bytes, now)))

    def _next_paths(self) -> list[str]:
        waited = list(self._waited_for)
        ahead = [path for path in self._arrivals.unfinished() if path not in self._waited_for]
        return waited + ahead[:_LOOK_AHEAD]

    def _ask(self, paths: Sequence[str]) -> bool:
        """Ask about files; False if all have come."""
        news = [(path, self._mount.status(path)) for path in paths]
        with self._changed:
            now = self._clock()
            for path, told in news:
                if told is not None:
                    self._arrivals.told(path, told, now)
            self._changed.notify_all()
            return bool(self._arrivals.unfinished())

    def _ask_all(self) -> Status:
        self._ask(self._arrivals.files)
        return self._arrivals.total()


class Rates:
    """Bytes per second between two lines."""

    def __init__(self, held_bytes: int, now: float) -> None:
        self._held_bytes = held_bytes
        self._at = now

    def since_last(self, held_bytes: int, now: float) -> float:
        """Return the rate since the last call."""
        seconds = now - self._at
        rate = max(0, held_bytes - self._held_bytes) / seconds if seconds > 0 else 0.0
        self._held_bytes, self._at = held_bytes, now
        return rate


def begin(  # noqa: PLR0913 one place puts it together
    folder: str,
    files: Sequence[str],
    *,
    mount: Mount,
    options: Options,
    log: logging.Logger,
    mount_of: Callable[[str], MountPoint] = mounts.of,
    clock: Callable[[], float] = time.monotonic,
) -> Session | None:
    """Begin a load; None, with one line that says why, if there is nothing to speak with."""
    if not files:
        return None
    point = mount_of(files[0])
    if not point.is_mows:
        log.info(
            "MoWS: %s is on %s (%s), no MoWS mount: loading as usual",
            folder,
            point.type,
            point.path,
        )
        return None
    known: dict[str, Status] = {}
    for path in files:
        told = mount.status(path)
        if told is None:
            log.info(
                "MoWS: the mount tells nothing about %s (%s): loading as usual",
                os.path.relpath(path, folder),
                _why_nothing(path),
            )
            return None
        known[path] = told
    session = Session(
        folder, list(files), known, mount=mount, options=options, log=log, clock=clock
    )
    session.start()
    return session


def _why_nothing(path: str) -> str:
    if os.path.exists(path) and not os.access(path, os.R_OK):
        return f"user {os.geteuid()} may not read it, see Permissions in docs/mount.md of MoWS"
    return "another file system library, or an older worker"
