# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import pytest

from fakes.mount import arriving
from mows_loader import status

TEXT = (
    b'{"version":1,"files":2,"bytes":200,"heldBytes":150,"wholeFiles":1,"provenFiles":1,'
    b'"wrongFiles":0,"unprovenFiles":1,"originBytes":30,"peerBytes":120,"bytesPerSecond":50,'
    b'"endSeconds":1.5,"waitsFor":"the origin","passthrough":true}'
)


def test_should_read_what_the_worker_tells() -> None:
    told = status.parse(TEXT)
    assert told is not None
    assert (told.files, told.bytes, told.held_bytes, told.whole_files) == (2, 200, 150, 1)
    assert (told.origin_bytes, told.peer_bytes) == (30, 120)
    assert (told.end_seconds, told.waits_for, told.passthrough) == (1.5, "the origin", True)
    assert not told.ready


def test_should_take_null_for_nothing() -> None:
    told = status.parse(TEXT.replace(b"1.5", b"null").replace(b'"the origin"', b"null"))
    assert told is not None
    assert (told.end_seconds, told.waits_for) == (None, None)


@pytest.mark.parametrize("text", [b"", b"{}", b"[]", b"3", TEXT[:50], b'{"files": "many"}'])
def test_should_not_rely_on_what_it_does_not_understand(text: bytes) -> None:
    assert status.parse(text) is None


def test_should_ignore_what_a_later_worker_adds() -> None:
    assert status.parse(TEXT.replace(b'"files"', b'"news":[1],"files"')) is not None


def test_should_add_up_files_whose_end_is_the_last_ones() -> None:
    total = status.total(
        [
            arriving(held=100),
            arriving(held=40, end_seconds=2.0),
            arriving(end_seconds=5.0, waits_for="a slot"),
        ]
    )
    assert (total.files, total.bytes, total.held_bytes, total.whole_files) == (3, 300, 140, 1)
    assert (total.end_seconds, total.waits_for, total.whole) == (5.0, "a slot", False)


def test_should_not_be_ready_before_the_proof_or_with_wrong_bytes() -> None:
    assert arriving(held=100).ready
    assert not arriving(held=100, unproven_files=1).ready
    assert not arriving(held=100, wrong_files=1).ready
