# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import dataclasses

from fakes.mount import arriving
from mows_loader.arrivals import IDLE_SECONDS, Arrivals, Verdict
from mows_loader.status import Status


def of(*states: Status, stall_seconds: float = 20.0) -> Arrivals:
    known = {str(number): state for number, state in enumerate(states)}
    return Arrivals(list(known), known, stall_seconds, grown_at=0.0)


def test_should_open_a_whole_file_at_once() -> None:
    assert of(arriving(held=100)).verdict("0", 0.0) is Verdict.OPEN


def test_should_wait_for_the_proof_of_a_whole_file() -> None:
    arrivals = of(arriving(held=90, unproven_files=1))
    arrivals.told("0", arriving(held=100, unproven_files=1), 0.0)
    assert arrivals.verdict("0", 0.0) is Verdict.WAIT
    arrivals.told("0", arriving(held=100, proven_files=1), 1.0)
    assert arrivals.verdict("0", 1.0) is Verdict.OPEN


def test_should_not_wait_for_a_proof_of_what_was_here_at_first() -> None:
    arrivals = of(arriving(held=100, unproven_files=1))
    assert arrivals.unfinished() == []
    assert arrivals.verdict("0", 0.0) is Verdict.OPEN


def test_should_refuse_wrong_bytes() -> None:
    assert of(arriving(held=100, wrong_files=1)).verdict("0", 0.0) is Verdict.WRONG


def test_should_wait_as_long_as_bytes_of_any_file_come() -> None:
    arrivals = of(arriving(held=10), arriving(held=0, bytes_per_second=0))
    arrivals.told("0", arriving(held=90), 19.0)
    assert arrivals.verdict("1", 38.0) is Verdict.WAIT
    assert arrivals.verdict("1", 39.0) is Verdict.OPEN


def test_should_not_wait_long_where_the_worker_fetches_nothing() -> None:
    arrivals = of(arriving(held=10, bytes_per_second=0))
    assert arrivals.verdict("0", IDLE_SECONDS - 0.1) is Verdict.WAIT
    assert arrivals.verdict("0", IDLE_SECONDS) is Verdict.OPEN


def test_should_read_what_stalls_so_that_it_fails_before_it_is_mapped() -> None:
    arrivals = of(arriving(held=10, bytes_per_second=0, waits_for="the origin"))
    assert arrivals.verdict("0", 19.0) is Verdict.WAIT
    assert arrivals.verdict("0", 20.0) is Verdict.READ_THROUGH


def test_should_not_take_an_eviction_for_progress() -> None:
    arrivals = of(arriving(held=90))
    arrivals.told("0", arriving(held=10), 19.0)
    assert arrivals.grown_at == 0.0
    assert arrivals.known["0"].held_bytes == 10


def test_should_list_what_is_unfinished_in_order() -> None:
    arrivals = of(arriving(), arriving(held=100), arriving())
    assert arrivals.unfinished() == ["0", "2"]
    total = dataclasses.replace(arrivals.total(), bytes_per_second=0)
    assert (total.files, total.held_bytes, total.bytes) == (3, 100, 300)
