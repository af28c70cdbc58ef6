# SPDX-License-Identifier: Apache-2.0
"""A local cluster of real Alluxio processes, as `integration-tests/bin/cluster` starts it."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import time
import urllib.request
from pathlib import Path
from types import TracebackType

ROOT = Path(__file__).resolve().parents[3]


class Cluster:
    """One worker with a mount, and an origin that counts what it sends."""

    def __init__(self, bucket: Path, logs: Path, flags: list[str]) -> None:
        self._bucket = bucket
        command = [str(ROOT / "integration-tests/bin/cluster"), "--origin", str(bucket)]
        command += ["--ramdisk", "2GiB", "--no-jobs", "--logs", str(logs), *flags]
        self._process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True
        )
        said = ""
        assert self._process.stdout is not None
        for line in self._process.stdout:
            said += line
            if "Ctrl-C ends it" in line:
                break
        else:
            raise RuntimeError(f"The cluster did not start: {said}")
        self.mount = Path(self._word(r"mount +(/\S+)", said))
        self._stats = self._word(r"origin +(http\S+)", said)
        self._cli = self._word(r"alluxio +(\S+) fs load", said)

    def __enter__(self) -> Cluster:  # noqa: PYI034
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._process.send_signal(signal.SIGTERM)
        self._process.wait()

    def free(self, path: str) -> None:
        """Take a path out of the worker's memory, and wait until that is done."""
        if not any(Path(key).is_relative_to(path[1:]) for key in self.sent()):
            return  # nobody has read anything of it, so that Alluxio does not even know it
        subprocess.run([self._cli, "fs", "free", path], check=True, stdout=subprocess.DEVNULL)
        while json.loads(os.getxattr(self.mount / path[1:], "user.mows.status"))["heldBytes"]:
            time.sleep(0.2)

    def sent(self) -> dict[str, int]:
        """Tell the bytes that the origin has sent of each object."""
        with urllib.request.urlopen(self._stats, timeout=10) as answer:
            objects = json.load(answer)["objects"]
        return {key: int(counts["bytesSent"]) for key, counts in objects.items()}

    @staticmethod
    def _word(pattern: str, text: str) -> str:
        match = re.search(pattern, text)
        if match is None:
            raise RuntimeError(f"The cluster did not say {pattern}: {text}")
        return match[1]
