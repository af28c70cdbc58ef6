# SPDX-License-Identifier: Apache-2.0
"""What the trials of real engines count as wrong."""

from __future__ import annotations

import judge
from judge import Answer
from trial import HOT, PLAIN, Trial

FILES = {"a.safetensors": 1000, "b.safetensors": 2000}
COLD_LINES = ["MoWS: 2 files, the rest is on its way, in /m", "MoWS: 2 files loaded in 1.00 s"]


def a_trial(**fields: object) -> Trial:
    return Trial("name", "engine", ("script", "{path}", "mows"), "name", **fields)  # type: ignore[arg-type]


def test_should_accept_the_files_once_and_small_ones_beside_them() -> None:
    sent = {**FILES, "config.json": 700, "other.bin": 0}
    assert judge.wrong_bytes(a_trial(), FILES, sent) == []


def test_should_see_a_file_that_did_not_come_from_the_origin() -> None:
    assert judge.wrong_bytes(a_trial(), FILES, {"a.safetensors": 1000}) != []


def test_should_see_what_came_twice() -> None:
    sent = {"a.safetensors": 1000, "b.safetensors": 2031}
    assert judge.wrong_bytes(a_trial(), FILES, sent) == [
        "the origin sent 3031 bytes instead of 3000"
    ]


def test_should_see_other_weights() -> None:
    assert judge.wrong_bytes(a_trial(), FILES, {**FILES, "other.bin": 1}) != []


def test_should_see_any_weight_from_the_origin_in_a_hot_start() -> None:
    assert judge.wrong_bytes(a_trial(where=HOT), FILES, {"a.safetensors": 1}) != []


def test_should_see_a_worker_that_takes_no_list() -> None:
    lines = [*COLD_LINES, "MoWS: the worker takes no list of files"]
    assert judge.wrong_lines(a_trial(), COLD_LINES) == []
    assert judge.wrong_lines(a_trial(), lines) == ["the worker took no list"]


def test_should_see_two_ranks_that_both_speak() -> None:
    assert judge.wrong_lines(a_trial(ranks=2), COLD_LINES * 2) != []


def test_should_let_a_rank_speak_that_comes_when_the_other_is_done() -> None:
    hot = ["MoWS: 2 files, all in memory, in /m", COLD_LINES[1]]
    assert judge.wrong_lines(a_trial(ranks=2, where=HOT), hot * 2) == []
    assert judge.wrong_lines(a_trial(ranks=2, where=HOT), hot * 3) != []
    assert judge.wrong_lines(a_trial(where=HOT), hot * 2) != []
    assert judge.wrong_lines(a_trial(ranks=2), [*COLD_LINES, *hot]) == []


def test_should_let_a_second_model_be_there_before_it_is_asked_for() -> None:
    first, loaded = COLD_LINES
    trial = a_trial(models=2)
    assert judge.wrong_lines(trial, [first, loaded, loaded]) == []
    assert judge.wrong_lines(trial, [first, loaded, first, loaded]) == []
    assert judge.wrong_lines(trial, [loaded, loaded]) != []
    assert judge.wrong_lines(trial, [first, loaded]) != []


def test_should_want_one_line_of_each_rank_without_a_mount() -> None:
    line = "MoWS: /d is on ext4 (/), no MoWS mount: loading as usual"
    assert judge.wrong_lines(a_trial(where=PLAIN, ranks=2), [line, line]) == []
    assert judge.wrong_lines(a_trial(where=PLAIN, ranks=2), [line]) != []


def test_should_see_other_tokens_and_missing_ones() -> None:
    answer = Answer("x\nTOKENS [1, 2]\n", 0, 1.0)
    assert judge.wrong_tokens(a_trial(), answer, [1, 2]) == []
    assert judge.wrong_tokens(a_trial(), answer, [1, 3]) != []
    assert judge.wrong_tokens(a_trial(), Answer("x", 0, 1.0), [1, 2]) != []
    assert judge.wrong_tokens(a_trial(), Answer(answer.log, -9, 1.0), [1, 2]) != []


def test_should_want_a_failure_to_be_told_in_the_last_lines() -> None:
    trial = a_trial(fails=("a.safetensors", "gone"))
    early = Answer("a.safetensors is gone\n" + "line\n" * 100, 1, 1.0)
    assert judge.wrong_failure(trial, Answer("a.safetensors is gone\n", 1, 1.0)) == []
    assert judge.wrong_failure(trial, early) != []
    assert judge.wrong_failure(trial, Answer("a.safetensors is gone\nBus error\n", 1, 1.0)) != []
    assert judge.wrong_failure(trial, Answer("a.safetensors is gone\n", -7, 1.0)) != []
