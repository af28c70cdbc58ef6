# SPDX-License-Identifier: Apache-2.0
"""`python -m mows_loader plan|warm|status PATH`, for start-up scripts and other engines.

Ends with 0, or with 1 if a file cannot be had, 2 if the command line is wrong, and 3 if no MoWS
worker answers for PATH.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import logging
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from mows_loader import errors, mounts, options, progress, selection, session
from mows_loader.mount import KernelMount, Mount
from mows_loader.mounts import MountPoint

_OK, _FAILED, _NO_WORKER = 0, 1, 3

_LOG = logging.getLogger("mows_loader")


def main(
    arguments: Sequence[str] | None = None,
    mount: Mount | None = None,
    mount_of: Callable[[str], MountPoint] = mounts.of,
) -> int:
    """Run a command."""
    parser = argparse.ArgumentParser(prog="python -m mows_loader", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    for name, text in (
        ("plan", "list the weights of PATH, in order, with what the worker holds of each"),
        ("warm", "bring the weights of PATH into the worker's memory, and wait until they are"),
        ("status", "say what the worker knows of PATH"),
    ):
        command = commands.add_parser(name, help=text, description=text)
        command.add_argument(
            "path",
            metavar="PATH",
            help="a directory or file, at the mount or"
            " the origin (see paths in MOWS_LOADER_OPTIONS)",
        )
        command.add_argument("--json", action="store_true", help="print JSON")
    parsed = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(message)s", stream=sys.stderr)
    try:
        return _run(parsed, mount or KernelMount(), mount_of)
    except (errors.LoadError, OSError, ValueError, TypeError) as error:
        print(error, file=sys.stderr)
        return _FAILED


def _run(parsed: argparse.Namespace, mount: Mount, mount_of: Callable[[str], MountPoint]) -> int:
    ours = options.from_environment()
    target, line = mounts.mapped(parsed.path, ours.paths, os.path.exists)
    if line is not None:
        print(line, file=sys.stderr)
    path = Path(target)
    _require(target)
    if parsed.command == "status":
        return _status(path, mount, as_json=parsed.json)
    files = [str(file) for file in selection.weights(path)]
    if not files:
        raise ValueError(f"{path} has no weights: no .safetensors, .bin, .pt or .gguf")
    if parsed.command == "plan":
        return _plan(files, mount, as_json=parsed.json)
    waits = dataclasses.replace(ours, wait=True)
    begun = session.begin(str(path), files, mount=mount, options=waits, log=_LOG, mount_of=mount_of)
    return _NO_WORKER if begun is None else _warm(begun, files, mount)


def _require(path: str) -> None:
    try:
        os.stat(path)
    except PermissionError as error:
        raise PermissionError(
            f"user {os.geteuid()} may not look at {path}: see Permissions in docs/mount.md of MoWS"
        ) from error
    except OSError as error:
        raise FileNotFoundError(f"{path} is not there: {os.strerror(error.errno or 0)}") from error


def _status(path: Path, mount: Mount, *, as_json: bool) -> int:
    told = mount.status(str(path))
    if told is None:
        print(f"No MoWS worker answers for {path}", file=sys.stderr)
        return _NO_WORKER
    if as_json:
        print(json.dumps(dataclasses.asdict(told)))
    else:
        print(progress.running(told, told.bytes_per_second))
        print(
            f"{told.whole_files} of {progress.counted(told.files)} whole,"
            f" {told.proven_files} proven, {told.wrong_files} wrong"
        )
    return _FAILED if told.wrong_files else _OK


def _plan(files: Sequence[str], mount: Mount, *, as_json: bool) -> int:
    told = {file: mount.status(file) for file in files}
    if as_json:
        rows = [
            {"file": file, "bytes": os.path.getsize(file), "heldBytes": state and state.held_bytes}
            for file, state in told.items()
        ]
        print(json.dumps(rows))
    else:
        for file, state in told.items():
            held = "unknown" if state is None else f"{progress.gigabytes(state.held_bytes)} GB held"
            print(f"{progress.gigabytes(os.path.getsize(file))} GB  {held}  {file}")
    return _OK if all(state is not None for state in told.values()) else _NO_WORKER


def _warm(begun: session.Session, files: Sequence[str], mount: Mount) -> int:
    failed = True
    try:
        begun.wait_for_all()
        for file in files:
            told = mount.status(file)
            if told is not None and not told.ready:  # not fetched ahead: it comes by being read
                mount.read_through(file)
        failed = False
    except OSError as error:
        raise begun.explain(error) or error from error
    finally:
        begun.close(failed=failed)
    return _OK


if __name__ == "__main__":
    sys.exit(main())
