# SPDX-License-Identifier: Apache-2.0
"""A local cluster of real Alluxio processes, as `integration-tests/bin/cluster` starts it."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import urllib.request
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType

ROOT = Path(__file__).resolve().parents[3]
_SECONDS = 60  # of an answer of the origin, and of the end of the cluster


class Cluster:
    """One worker with a mount, and an origin that counts what it sends."""

    def __init__(self, bucket: Path, logs: Path, flags: Sequence[str]) -> None:
        command = [str(ROOT / "integration-tests/bin/cluster"), "--origin", str(bucket)]
        command += ["--ramdisk", "4GiB", "--no-jobs", "--logs", str(logs), *flags]
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
        self._origin = self._word(r"origin +(http\S+)/stats", said)

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

    def sent(self) -> dict[str, int]:
        """Tell the bytes that the origin has sent of each object."""
        with urllib.request.urlopen(f"{self._origin}/stats", timeout=_SECONDS) as answer:
            objects = json.load(answer)["objects"]
        return {key: int(counts["bytesSent"]) for key, counts in objects.items()}

    def spoil(self, *faults: Mapping[str, object]) -> None:
        """Let the origin answer wrongly from now on, see Fault.java; without arguments: rightly."""
        self._tell("faults", faults)

    def limit(self, bytes_per_second: int) -> None:
        """Limit each connection to the origin; 0: not at all."""
        self._tell("shaping", {"connectionBytesPerSecond": bytes_per_second})

    def _tell(self, name: str, value: object) -> None:
        request = urllib.request.Request(f"{self._origin}/{name}", json.dumps(value).encode())
        urllib.request.urlopen(request, timeout=_SECONDS).close()

    @staticmethod
    def _word(pattern: str, text: str) -> str:
        match = re.search(pattern, text)
        if match is None:
            raise RuntimeError(f"The cluster did not say {pattern}: {text}")
        return match[1]
