# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from fakes.mount import arriving
from mows_loader import progress

GB = 10**9


def test_should_say_what_there_is_to_load() -> None:
    told = arriving(size=4 * GB, held=GB)
    assert progress.beginning("/m", told) == (
        "MoWS: 1 file, 1.00 of 4.00 GB in memory, the rest is on its way, in /m"
    )
    assert "all in memory" in progress.beginning("/m", arriving(size=GB, held=GB))


def test_should_say_how_far_it_is() -> None:
    told = arriving(size=4 * GB, held=GB)
    assert progress.running(told, 0.5 * GB) == "MoWS: 25 % of 4.00 GB, 0.50 GB/s, 6 s left"
    waits = arriving(size=4 * GB, held=GB, waits_for="the origin")
    assert progress.running(waits, 0.0).endswith("0.00 GB/s, waits: the origin")
    long = arriving(size=4 * GB, held=GB, waits_for="the origin: " + "<xml>" * 100)
    assert len(progress.running(long, 0.0)) < 260
    sure = arriving(size=4 * GB, held=GB, end_seconds=9.0)
    assert progress.running(sure, 0.5 * GB).endswith("9 s left")


def test_should_say_where_the_bytes_came_from() -> None:
    before = arriving(size=4 * GB, held=GB, origin_bytes=7 * GB)
    after = arriving(size=4 * GB, held=4 * GB, origin_bytes=8 * GB, peer_bytes=2 * GB)
    assert progress.closing(before, after, 2.0, None) == (
        "MoWS: 1 file, 4.00 GB loaded in 2.00 s, 2.00 GB/s: 1.00 GB were in memory,"
        " 2.00 came from peers, 1.00 from the origin"
    )
    assert progress.closing(before, after, 2.0, 16.0).endswith("; 1.33 times what 16 Gbit/s takes")


def test_should_claim_no_bound_where_nothing_was_fetched() -> None:
    held = arriving(size=GB, held=GB)
    assert "times" not in progress.closing(held, held, 1.0, 16.0)
