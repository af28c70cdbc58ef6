# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import pytest

from mows_loader import options


def test_should_leave_other_keys_to_the_engine() -> None:
    ours, rest = options.split_extra_config({"mows": {"wait": False}, "num_threads": 3})
    assert not ours.wait
    assert rest == {"num_threads": 3}


@pytest.mark.parametrize("extra", [None, {}, {"num_threads": 3}])
def test_should_need_no_setting(extra: object) -> None:
    ours, _ = options.split_extra_config(extra)
    assert ours == options.Options()


def test_should_refuse_an_unknown_key_and_name_the_known_ones() -> None:
    with pytest.raises(ValueError, match=r"mows: threads\. It knows .*paths.*wait"):
        options.split_extra_config({"mows": {"threads": 8}})


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("wait", "yes"),
        ("stall_seconds", -1),
        ("progress_seconds", "5"),
        ("link_gbit", True),
        ("paths", {"data": "/mnt"}),
        ("paths", {"/data": 1}),
    ],
)
def test_should_refuse_a_value_that_makes_no_sense(key: str, value: object) -> None:
    with pytest.raises(ValueError, match=key):
        options.parse({key: value})


def test_should_take_the_environment_and_let_the_command_line_win(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv(
        "MOWS_LOADER_OPTIONS", '{"paths": {"/mnt/data/": "/mnt/models"}, "stall_seconds": 7}'
    )
    ours, _ = options.split_extra_config({"mows": {"stall_seconds": 9}})
    assert ours.paths == {"/mnt/data": "/mnt/models"}
    assert ours.stall_seconds == 9


@pytest.mark.parametrize("text", ["{", "[]", "3"])
def test_should_name_the_variable_that_is_no_object(
    text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MOWS_LOADER_OPTIONS", text)
    with pytest.raises((ValueError, TypeError), match="MOWS_LOADER_OPTIONS"):
        options.from_environment()


@pytest.mark.parametrize("extra", ["{}", {"mows": "fast"}])
def test_should_refuse_what_is_no_object(extra: object) -> None:
    with pytest.raises(TypeError, match="JSON object"):
        options.split_extra_config(extra)
