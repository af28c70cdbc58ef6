# SPDX-License-Identifier: Apache-2.0
"""The trials of `bin/test-engines`, which see."""

from __future__ import annotations

import argparse
import datetime as dt
import os
import signal
import sys
from pathlib import Path

from cluster import Cluster
from runner import Runner
from trial import PLAIN, TRIALS, Trial

# What the documentation says to set for engines that are not the worker's user.
_FOR_OTHERS = (
    "--mount-options=allow_other,attr_timeout=60,entry_timeout=60",
    "--property=alluxio.underfs.oss.default.mode=755",
)


def main() -> int:
    parser = argparse.ArgumentParser(prog="test-engines", description=__doc__)
    parser.add_argument("--program", action="append", help="an engine and its program: NAME=PATH")
    parser.add_argument("--work", required=True)
    parser.add_argument("--all", action="store_true")
    parser.add_argument("--no-mount", action="store_true")
    parser.add_argument("--only", action="append", default=[])
    parser.add_argument("--list", action="store_true")
    parser.add_argument("--cluster-flag", action="append", default=[])
    parsed = parser.parse_args()
    programs = dict(program.split("=", 1) for program in parsed.program)
    runner = Runner(programs, Path(parsed.work))
    chosen = [trial for trial in TRIALS if selected(trial, parsed, runner, programs)]
    if parsed.list:
        print(*(trial.name for trial in chosen), sep="\n")
        return 0
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that the cluster is ended, too
    runner.prepare(chosen)
    print(f"{dt.datetime.now(dt.timezone.utc):%Y-%m-%d %H:%M} UTC", flush=True)
    run_all(chosen, runner, parsed.cluster_flag)
    print(f"{len(chosen) - runner.failed} passed, {runner.failed} failed")
    return 1 if runner.failed or not chosen else 0


def selected(
    trial: Trial, parsed: argparse.Namespace, runner: Runner, programs: dict[str, str]
) -> bool:
    if trial.engine not in programs or (parsed.no_mount and trial.where != PLAIN):
        return False
    if not parsed.only:
        return parsed.all or not trial.only_all
    if any(word in trial.name for word in parsed.only):
        return True
    # What another one needs: its tokens, or its copy in memory.
    others = [other for other in TRIALS if any(word in other.name for word in parsed.only)]
    is_asked = any(other.like == trial.name for other in others)
    return any(other.of == trial.name for other in others) or (
        is_asked and not runner.has_answer_of(trial)
    )


def run_all(trials: list[Trial], runner: Runner, flags: list[str]) -> None:
    for trial in trials:
        if trial.where == PLAIN:
            runner.run(trial, None)
    mounted = [trial for trial in trials if trial.where != PLAIN]
    if os.geteuid() == 0:
        flags = [*_FOR_OTHERS, *flags]
    elif any(trial.as_nobody for trial in mounted):
        print("No engine runs as another user than the worker: this takes root", flush=True)
    if mounted:
        with Cluster(runner.bucket, runner.logs / "cluster", flags) as cluster:
            for trial in mounted:
                runner.run(trial, cluster)


if __name__ == "__main__":
    sys.exit(main())
