# SPDX-License-Identifier: Apache-2.0
"""Between the engine's default loader and a session, the same for every engine.

The default loader chooses files (`_prepare_weights`) and reads them (`_get_weights_iterator`). The
first tells which files there are; around the second are the gate and the errors.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from mows_loader import last_words, mounts, session
from mows_loader.gate import Gate
from mows_loader.mount import KernelMount, Mount
from mows_loader.mounts import MountPoint
from mows_loader.options import Options
from mows_loader.session import Session

_PATH_KEY = "model_name_or_path"
default_mount_of = mounts.of


class Watch:
    """For one loader of an engine."""

    def __init__(
        self,
        options: Options,
        log: logging.Logger,
        gate: Gate,
        mount: Mount | None = None,
        mount_of: Callable[[str], MountPoint] | None = None,
    ) -> None:
        self._options = options
        self._log = log
        self._gate = gate
        self._mount = mount or KernelMount()
        self._mount_of = mount_of or default_mount_of
        self._prepared: list[Session | None] = []

    def prepare(self, original: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """Let the engine choose files, at the mount's path if there is one, and ask for them."""
        args, kwargs = self._at_the_mount(args, kwargs)
        chosen = original(*args, **kwargs)
        folder, files = chosen[0], [str(file) for file in chosen[1]]
        self._prepared.append(
            session.begin(
                folder,
                files,
                mount=self._mount,
                options=self._options,
                log=self._log,
                mount_of=self._mount_of,
            )
        )
        return chosen

    def read(self, original: Callable[..., Iterable[Any]], *args: Any, **kwargs: Any) -> Any:
        """Let the engine make its iterator, and be around it while it is used."""
        before = len(self._prepared)
        try:
            weights = original(*args, **kwargs)
        except BaseException:
            for begun in self._prepared[before:]:
                if begun is not None:
                    begun.close(failed=True)
            del self._prepared[before:]
            raise
        if len(self._prepared) > before:
            begun = self._prepared.pop()
        elif self._prepared:
            begun = self._prepared.pop(0)  # chosen earlier, in the same order
        else:
            self._log.info("MoWS: this engine did not say which files it reads: loading as usual")
            begun = None
        return weights if begun is None else self._guarded(begun, weights)

    def forget(self) -> None:
        """End what was prepared, but is not read: the engine only wanted to know."""
        for begun in self._prepared:
            if begun is not None:
                begun.close(failed=True)
        self._prepared.clear()

    def _guarded(self, begun: Session, weights: Iterable[Any]) -> Iterator[Any]:
        failed = True
        try:
            with self._gate.watched_by(begun.wait_for):
                if not self._gate.works:
                    begun.wait_for_all()
                yield from weights
            failed = False
        except Exception as error:
            reason = begun.explain(error)
            if reason is None:
                raise
            self._log.error("%s", reason)  # the engine prints the traceback
            last_words.leave(str(reason))
            raise reason from (None if reason is error else error)
        finally:
            begun.close(failed=failed)

    def _at_the_mount(
        self, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> tuple[tuple[Any, ...], dict[str, Any]]:
        path = kwargs[_PATH_KEY] if _PATH_KEY in kwargs else args[0]
        if not isinstance(path, str):
            return args, kwargs
        target, line = mounts.mapped(path, self._options.paths)
        if line is not None:
            self._log.info("%s", line)
        if target == path:
            return args, kwargs
        if _PATH_KEY in kwargs:
            return args, {**kwargs, _PATH_KEY: target}
        return (target, *args[1:]), kwargs
