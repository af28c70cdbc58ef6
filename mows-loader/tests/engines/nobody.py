# SPDX-License-Identifier: Apache-2.0
"""Runs an engine as a user that is not root: `nobody.py HOME PATH... -- COMMAND...`.

As in a container of its own that user sees the mount, its programs and a home, under their usual
names, and nothing else of the directories that are closed to it: in a mount namespace an empty
directory covers each of these, and the given paths below it are put back.
"""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

USER = "nobody"
SAYS = f"runs as {USER}, and not as root"


def command(home: Path, needed: Iterable[Path], engine: list[str]) -> list[str]:
    """Put together what runs `engine` so; `home` is made."""
    user = pwd.getpwnam(USER)
    shutil.rmtree(home, ignore_errors=True)
    home.mkdir(parents=True)
    os.chown(home, user.pw_uid, user.pw_gid)
    apart = ["unshare", "--mount", "--propagation", "private", sys.executable, __file__]
    return [*apart, str(home), *map(str, needed), str(home), "--", *engine]


def covered(needed: Iterable[Path], is_open: Mapping[Path, bool]) -> dict[Path, list[Path]]:
    """Name the closed directories, each with what of it is needed; of nested ones the outer one.

    The mapping says of each directory above the needed paths whether others may pass it.
    """
    covers: dict[Path, list[Path]] = {}
    for path in dict.fromkeys(needed):
        closed = [parent for parent in path.parents if not is_open[parent]]
        if closed:
            covers.setdefault(closed[-1], []).append(path)
    return covers


def environment(home: str, inherited: Mapping[str, str]) -> dict[str, str]:
    """Leave out what names the directories of the one who starts it."""
    kept = {name: value for name, value in inherited.items() if not name.startswith("XDG_")}
    return {**kept, "HOME": home, "TMPDIR": home, "USER": USER, "LOGNAME": USER}


def main(arguments: list[str]) -> None:
    end = arguments.index("--")
    home, *paths = arguments[:end]
    engine = arguments[end + 1 :]
    needed = [Path(path).resolve() for path in paths]
    parents = {parent for path in needed for parent in path.parents}
    is_open = {parent: bool(parent.stat().st_mode & 0o001) for parent in parents}
    for closed, inner in covered(needed, is_open).items():
        cover(closed, inner)
    user = pwd.getpwnam(USER)
    os.setgroups([])
    os.setresgid(user.pw_gid, user.pw_gid, user.pw_gid)
    os.setresuid(user.pw_uid, user.pw_uid, user.pw_uid)
    os.chdir(home)
    if os.getuid() != 0 and os.geteuid() != 0:
        print(SAYS, flush=True)
    os.execve(engine[0], engine, environment(home, os.environ))  # noqa: S606 no shell


def cover(closed: Path, needed: list[Path]) -> None:
    """Mount an empty directory upon another one, and what is needed of that upon the empty one."""
    kept = {path: os.open(path, os.O_PATH | os.O_DIRECTORY) for path in needed}
    mount("-t", "tmpfs", "-o", "mode=755", "none", str(closed))
    for path, descriptor in kept.items():
        path.mkdir(parents=True, exist_ok=True)
        mount("--no-canonicalize", "--rbind", f"/proc/{os.getpid()}/fd/{descriptor}", str(path))
        os.close(descriptor)


def mount(*arguments: str) -> None:
    subprocess.run(["mount", *arguments], check=True)


if __name__ == "__main__":
    main(sys.argv[1:])
