# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import errno

import pytest

from fakes.mount import arriving
from mows_loader import errors
from mows_loader.status import Status

FILE = "/mnt/models/llama/a.safetensors"


@pytest.mark.parametrize(
    ("error", "state", "expected"),
    [
        (OSError(errno.EIO, "x"), None, "Input/output error; the worker could not get its bytes"),
        (
            OSError(errno.EIO, "x"),
            arriving(waits_for="the origin (403)"),
            "Input/output error; the worker waits: the origin (403)",
        ),
        (OSError(errno.EIO, "x"), arriving(held=100, wrong_files=1), "CRC32"),
        (ValueError("header"), arriving(held=100, wrong_files=1), "CRC32"),
        (ValueError("header"), arriving(waits_for="a slot"), "header; the worker waits: a slot"),
        (FileNotFoundError(errno.ENOENT, "x"), arriving(), "does not show it any more"),
        (OSError(errno.ENOTCONN, "x"), None, "the worker is away"),
        (OSError("no number"), None, "no number"),
    ],
)
def test_should_name_file_and_reason(error: Exception, state: Status | None, expected: str) -> None:
    told = errors.explain(FILE, error, state)
    assert told is not None
    assert str(told).startswith(f"MoWS: cannot load {FILE}: ")
    assert expected in str(told)


def test_should_leave_an_error_of_the_model_to_the_engine() -> None:
    assert errors.explain(FILE, ValueError("wrong shape"), arriving(held=100)) is None
