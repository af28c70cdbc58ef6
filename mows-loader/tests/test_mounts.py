# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import pytest

from mows_loader import mounts

TABLE = r"""
22 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw
40 22 0:50 / /mnt/models ro,nosuid shared:2 master:1 - fuse.mows alluxio ro,user_id=0
41 22 0:51 / /mnt/with\040blank ro - fuse.mows alluxio ro
42 40 0:52 / /mnt/models/scratch rw - tmpfs tmpfs rw
43 22 0:53 / /mnt/models2 rw - nfs4 server:/ rw
44 22 0:54 / /mnt/twice rw - tmpfs tmpfs rw
45 44 0:55 / /mnt/twice ro - fuse.mows alluxio ro
""".strip().splitlines()


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/mnt/models", "fuse.mows"),
        ("/mnt/models/llama/a.safetensors", "fuse.mows"),
        ("/mnt/models/scratch/a", "tmpfs"),
        ("/mnt/models2/a", "nfs4"),
        ("/mnt/with blank/a", "fuse.mows"),
        ("/mnt/twice/a", "fuse.mows"),
        ("/home/a", "ext4"),
    ],
)
def test_should_find_the_mount_that_serves_a_path(path: str, kind: str) -> None:
    assert mounts.holding(path, mounts.parse(TABLE)).type == kind


def test_should_know_the_mount_of_a_real_path() -> None:
    point = mounts.of("/proc/self")
    assert (point.path, point.type) == ("/proc", "proc")
    assert not point.is_mows


PATHS = {"/mnt/data": "/mnt/models", "/mnt/data/special": "/cache"}


@pytest.mark.parametrize(
    ("path", "target"),
    [
        ("/mnt/data/llama", "/mnt/models/llama"),
        ("/mnt/data/llama/", "/mnt/models/llama"),
        ("/mnt/data", "/mnt/models"),
        ("/mnt/data/special/x", "/cache/x"),
        ("/mnt/data2/llama", "/mnt/data2/llama"),
        ("org/llama", "org/llama"),
    ],
)
def test_should_turn_the_origins_path_into_the_mounts(path: str, target: str) -> None:
    assert mounts.mapped(path, PATHS, lambda _: True) == (target, None)


def test_should_use_the_origins_path_and_say_so_if_the_mount_does_not_show_it() -> None:
    path, line = mounts.mapped("/mnt/data/llama", PATHS, lambda _: False)
    assert path == "/mnt/data/llama"
    assert line is not None
    assert "/mnt/models/llama" in line
