# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from pathlib import Path

import pytest

from mows_loader import wantlist


def test_should_number_the_call_as_the_kernel_does() -> None:
    assert wantlist.request(1) == 0x40014D01
    assert wantlist.request(16383) == 0x7FFF4D01


@pytest.mark.parametrize("size", [0, 16384])
def test_should_refuse_what_does_not_fit(size: int) -> None:
    with pytest.raises(ValueError, match=str(size)):
        wantlist.request(size)


def test_should_end_each_name_and_keep_the_order() -> None:
    assert list(wantlist.payloads(["b", "a/c", "ü"])) == [b"b\0a/c\0" + "ü".encode() + b"\0"]


def test_should_spread_many_names_over_calls() -> None:
    names = [f"model-{number:05}.safetensors" for number in range(2000)]
    calls = list(wantlist.payloads(names))
    assert len(calls) == 3
    assert all(0 < len(call) <= wantlist.MOST_BYTES and call.endswith(b"\0") for call in calls)
    assert b"".join(calls).split(b"\0")[:-1] == [name.encode() for name in names]


def test_should_have_no_call_for_nothing() -> None:
    assert list(wantlist.payloads([])) == []


def test_should_name_files_relative_to_the_directory_of_all(tmp_path: Path) -> None:
    files = [str(tmp_path / name) for name in ("b/2", "a/1", "b/2")]
    base = wantlist.base_of(files)
    assert base == str(tmp_path)
    assert wantlist.names(base, files) == ["b/2", "a/1"]


def test_should_follow_the_links_of_a_hub_cache(tmp_path: Path) -> None:
    (tmp_path / "blobs").mkdir()
    (tmp_path / "blobs" / "f00").touch()
    snapshot = tmp_path / "snapshots" / "main"
    snapshot.mkdir(parents=True)
    (snapshot / "model.safetensors").symlink_to("../../blobs/f00")
    files = [str(snapshot / "model.safetensors")]
    base = wantlist.base_of(files)
    assert base == str(tmp_path / "blobs")
    assert wantlist.names(base, files) == ["f00"]
