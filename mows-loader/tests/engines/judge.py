# SPDX-License-Identifier: Apache-2.0
"""What is wrong with what a trial did. Pure."""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Mapping
from functools import cached_property

from trial import COLD, PLAIN, Trial

ON_ITS_WAY = "the rest is on its way"
# On a slow link a piece may be asked for again, and what was cut off counts.
_MOST_SENT = 1.01
# Files beside the weights, read by anybody.
_SMALL = re.compile(r"(\.(json|txt|model|jinja)|/refs/main)$")
_LAST_LINES = 10


@dataclasses.dataclass(frozen=True)
class Answer:
    """How a start of an engine ended, and what it said."""

    log: str
    exit_code: int
    seconds: float

    @cached_property
    def tokens(self) -> list[object]:
        """The tokens of each load."""
        found = re.findall(r"^TOKENS (.*)$", self.log, re.MULTILINE)
        return [json.loads(tokens) for tokens in found]

    @cached_property
    def lines(self) -> list[str]:
        """What the loader has said."""
        return re.findall(r"MoWS: .*", self.log)

    def last_lines(self, count: int = 60) -> str:
        return "\n".join(self.log.splitlines()[-count:])


def wrong_tokens(trial: Trial, answer: Answer, right: object) -> list[str]:
    faults = []
    if answer.exit_code != 0:
        faults.append(f"ended with {answer.exit_code}")
    if len(answer.tokens) != trial.loads:
        faults.append(f"answered {len(answer.tokens)} times instead of {trial.loads}")
    for number, tokens in enumerate(answer.tokens, 1):
        if tokens != right:
            faults.append(f"load {number} gives {tokens}, {trial.like} gave {right}")
    return faults


def wrong_failure(trial: Trial, answer: Answer) -> list[str]:
    """Look at a load that had to fail: by an error that says what to do, not by a signal."""
    faults = [
        f"not in its last lines: {words}"
        for words in trial.fails
        if words not in answer.last_lines(_LAST_LINES)
    ]
    if answer.exit_code <= 0 or answer.tokens:
        faults.append(f"ended with {answer.exit_code} and {len(answer.tokens)} answers")
    if "SIGBUS" in answer.log or "Bus error" in answer.log:
        faults.append("was ended by a SIGBUS")
    return faults


def wrong_bytes(trial: Trial, is_read: Mapping[str, int], sent: Mapping[str, int]) -> list[str]:
    """Compare what the origin has sent with the lengths of the files that the engine reads."""
    wanted = is_read if trial.where == COLD else {}
    faults = []
    for name in sorted({*wanted, *sent}):
        count = sent.get(name, 0)
        is_beside = name not in wanted and not _SMALL.search(name)
        is_wrong = count > 0 if is_beside else count < wanted.get(name, 0)
        if is_wrong:
            faults.append(f"the origin sent {count} bytes of {name}, not {wanted.get(name, 0)}")
    all_sent = sum(count for name, count in sent.items() if name in wanted)
    if all_sent > sum(wanted.values()) * _MOST_SENT:
        faults.append(f"the origin sent {all_sent} bytes instead of {sum(wanted.values())}")
    return faults


def wrong_lines(trial: Trial, lines: list[str]) -> list[str]:
    """Look at what the loader has said."""
    if not trial.loads_with_mows:
        return [f"said {line}" for line in lines]
    if trial.where == PLAIN:
        usual = [line for line in lines if "no MoWS mount: loading as usual" in line]
        return [] if len(usual) == len(lines) == trial.ranks else ["is not a load as usual"]
    # What is loaded after the first model may have come with it. A rank that comes when another one
    # is done finds all in memory, and says so.
    is_cold = trial.where == COLD
    first = ON_ITS_WAY if is_cold else "all in memory"
    most_first = trial.models if is_cold else trial.models * trial.ranks
    faults = []
    for words, least, most in (
        (first, 1, most_first),
        (" loaded in ", trial.models, trial.models * trial.ranks),
    ):
        count = sum(words in line for line in lines)
        if not least <= count <= most:
            faults.append(f"said {count} times: {words}")
    if any("takes no list" in line for line in lines):
        faults.append("the worker took no list")
    return faults
