# SPDX-License-Identifier: Apache-2.0
"""The real calls, on a file system that is none of ours."""

from __future__ import annotations

import errno
import fcntl
import os
from pathlib import Path

import pytest

from mows_loader import wantlist
from mows_loader.mount import KernelMount


def test_should_get_no_answer_where_no_worker_is(model: Path) -> None:
    mount = KernelMount()
    assert mount.status(str(model / "config.json")) is None
    assert mount.status(str(model / "not there")) is None
    descriptor = mount.open(str(model))
    assert not mount.want(descriptor, ["config.json"])
    mount.close(descriptor)


def test_should_let_one_lead_until_it_ends(model: Path) -> None:
    mount = KernelMount()
    first, second = mount.open(str(model)), mount.open(str(model))
    assert mount.lead(first)
    assert not mount.lead(second)
    mount.close(first)
    assert mount.lead(second)
    mount.close(second)


def test_should_hand_over_each_call(model: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[tuple[int, bytes]] = []

    def ioctl(descriptor: int, number: int, payload: bytearray) -> int:
        calls.append((number, bytes(payload)))
        if len(calls) == 1:
            raise FileNotFoundError(errno.ENOENT, "one is missing")
        return 0

    monkeypatch.setattr(fcntl, "ioctl", ioctl)
    names = [f"{number:05}" for number in range(4000)]
    assert KernelMount().want(3, names)
    assert [number for number, _ in calls] == [wantlist.request(len(data)) for _, data in calls]
    assert b"".join(data for _, data in calls).count(b"\0") == 4000


def test_should_read_to_the_end(model: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(KernelMount, "_READ_BYTES", 7)
    read: list[int] = []
    original = os.preadv

    def preadv(descriptor: int, buffers: list[bytearray], offset: int) -> int:
        count = original(descriptor, buffers, offset)
        read.append(count)
        return count

    monkeypatch.setattr(os, "preadv", preadv)
    KernelMount().read_through(str(model / "config.json"))
    assert sum(read) == 100
