# SPDX-License-Identifier: Apache-2.0
"""The trials of `bin/test-engines`, which see."""

from __future__ import annotations

import argparse
import dataclasses
import datetime as dt
import json
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

from cluster import Cluster

HERE = Path(__file__).resolve().parent
LAYERS = 16
_MOST_SENT = 1.01  # on a slow link a piece may be asked for again, and what was cut off counts
CONFIGS = re.compile(r"\.(json|txt|model|jinja)$")


@dataclasses.dataclass(frozen=True)
class Trial:
    """A start of an engine that has to say the tokens of the trial `like`."""

    name: str
    engine: str
    script: str
    arguments: tuple[str, ...] = ()
    format: str = "mows"
    where: str = "plain"  # plain, cold or hot
    like: str = "vllm-plain-auto"


TRIALS = [
    # The first of a kind: what it says is kept, and the others have to say it.
    Trial("vllm-plain-auto", "vllm", "generate_vllm.py", format="auto"),
    Trial("vllm-plain-mows", "vllm", "generate_vllm.py"),
    Trial("vllm-cold", "vllm", "generate_vllm.py", where="cold"),
    Trial("vllm-hot", "vllm", "generate_vllm.py", where="hot"),
    Trial("vllm-auto-cold", "vllm", "generate_vllm.py", format="auto", where="cold"),
    Trial("vllm-serve-cold", "vllm", "serve_vllm.py", ("18321",), where="cold"),
    Trial("vllm-serve-hot", "vllm", "serve_vllm.py", ("18322",), where="hot"),
    Trial("vllm-tp2-plain", "vllm", "generate_vllm.py", ("2",), "auto", like="vllm-tp2-plain"),
    Trial("vllm-tp2-cold", "vllm", "generate_vllm.py", ("2",), where="cold", like="vllm-tp2-plain"),
    Trial(
        "sglang-plain-auto", "sglang", "generate_sglang.py", (), "auto", like="sglang-plain-auto"
    ),
    Trial("sglang-plain-mows", "sglang", "generate_sglang.py", like="sglang-plain-auto"),
    Trial("sglang-cold", "sglang", "generate_sglang.py", where="cold", like="sglang-plain-auto"),
    Trial("sglang-hot", "sglang", "generate_sglang.py", where="hot", like="sglang-plain-auto"),
]


@dataclasses.dataclass(frozen=True)
class Answer:
    tokens: list[list[int]]
    lines: list[str]
    seconds: float


class Runner:
    def __init__(self, parsed: argparse.Namespace) -> None:
        self._pythons = {"vllm": parsed.vllm, "sglang": parsed.sglang}
        self._work = Path(parsed.work)
        self._logs = self._work / "logs"
        self._plain = self._work / "bucket" / "models" / "llama"
        self.failed = 0

    def prepare(self) -> None:
        shutil.rmtree(self._logs, ignore_errors=True)
        self._logs.mkdir(parents=True)
        if not (self._plain / "complete.txt").exists():
            self._plain.mkdir(parents=True, exist_ok=True)
            maker = self._pythons["vllm"] or self._pythons["sglang"]
            command = [maker, str(HERE / "mkmodel.py"), str(self._plain), str(LAYERS)]
            subprocess.run(command, check=True)
            # What is beside the weights in real repositories, and what no engine reads.
            for name, size in (("pytorch_model.bin", 200), ("llama-Q4_K_M.gguf", 150)):
                (self._plain / name).write_bytes(os.urandom(size << 20))
            (self._plain / "complete.txt").touch()

    @property
    def bucket(self) -> Path:
        return self._work / "bucket"

    @property
    def logs(self) -> Path:
        return self._logs

    def run(self, trial: Trial, cluster: Cluster | None) -> None:
        faults: list[str] = []
        path, before = self._plain, {}
        if trial.where != "plain":
            assert cluster is not None
            path = cluster.mount / "models" / "llama"
            if trial.where == "cold":
                cluster.free("/models/llama")
            before = cluster.sent()
        answer = self._start(trial, path)
        if answer is None:
            self._say(trial, ["did not answer"], None)
            return
        if trial.like == trial.name:
            self._kept(trial.name).write_text(json.dumps(answer.tokens))
        if answer.tokens != json.loads(self._kept(trial.like).read_text()):
            faults.append(f"tokens differ from {trial.like}")
        if cluster is not None and trial.where != "plain":
            faults += self._wrong_bytes(trial, before, cluster.sent())
        faults += self._wrong_lines(trial, answer.lines)
        self._say(trial, faults, answer)

    def has_answer_of(self, name: str) -> bool:
        """Whether a trial on this model was done in this run or an earlier one."""
        return self._kept(name).exists()

    def _kept(self, name: str) -> Path:
        return self._work / f"{name}.tokens.json"

    def _start(self, trial: Trial, path: Path) -> Answer | None:
        python = self._pythons[trial.engine]
        command = [python, str(HERE / trial.script), str(path), trial.format, *trial.arguments]
        environment = {**os.environ, "VLLM_CPU_KVCACHE_SPACE": "1", "SGLANG_USE_CPU_ENGINE": "1"}
        if trial.engine == "sglang":
            environment["PYTHONPATH"] = str(HERE / "standin")
        if "tp2" in trial.name:
            environment["VLLM_CPU_OMP_THREADS_BIND"] = "0|1"
        log = self._logs / f"{trial.name}.log"
        began = time.monotonic()
        with log.open("w") as output:
            subprocess.run(
                command, env=environment, stdout=output, stderr=output, timeout=900, check=False
            )
        seconds = time.monotonic() - began
        text = log.read_text(errors="replace")
        tokens = re.search(r"TOKENS (\[\[.*\]\])", text)
        if tokens is None:
            return None
        lines = re.findall(r"MoWS: .*", text)
        return Answer(json.loads(tokens[1]), lines, seconds)

    def _wrong_bytes(
        self, trial: Trial, before: dict[str, int], after: dict[str, int]
    ) -> list[str]:
        faults = []
        wanted_bytes = sent_bytes = 0
        for file in sorted(self._plain.iterdir()):
            if CONFIGS.search(file.name):
                continue  # small files beside the weights
            key = f"models/llama/{file.name}"
            sent = after.get(key, 0) - before.get(key, 0)
            is_read = trial.where == "cold" and file.suffix == ".safetensors"
            wanted = file.stat().st_size if is_read else 0
            if sent < wanted or (sent > 0 and not is_read):
                faults.append(f"the origin sent {sent} bytes of {file.name} instead of {wanted}")
            wanted_bytes += wanted
            sent_bytes += sent
        if sent_bytes > wanted_bytes * _MOST_SENT:
            faults.append(f"the origin sent {sent_bytes} bytes instead of {wanted_bytes}")
        return faults

    @staticmethod
    def _wrong_lines(trial: Trial, lines: list[str]) -> list[str]:
        if trial.format != "mows":
            return [f"said {line}" for line in lines]
        ranks = 2 if "tp2" in trial.name else 1
        if trial.where == "plain":
            usual = [line for line in lines if "no MoWS mount: loading as usual" in line]
            return [] if len(usual) == len(lines) == ranks else [f"said {lines}"]
        closing = [line for line in lines if " loaded in " in line]
        return [] if len(closing) == 1 else [f"said {lines}"]

    def _say(self, trial: Trial, faults: list[str], answer: Answer | None) -> None:
        self.failed += bool(faults)
        seconds = f"{answer.seconds:.0f} s" if answer else ""
        print(f"{trial.name:20} {'FAILED' if faults else 'ok':7} {seconds}", flush=True)
        for line in [*faults, *(answer.lines if answer else [])]:
            print(f"    {line}", flush=True)
        if faults:
            print(f"    log: {self._logs / trial.name}.log", flush=True)


def main() -> int:
    parser = argparse.ArgumentParser(prog="test-engines", description=__doc__)
    parser.add_argument("--vllm")
    parser.add_argument("--sglang")
    parser.add_argument("--work", required=True)
    parser.add_argument("--no-mount", action="store_true")
    parser.add_argument("--only", action="append", default=[])
    parser.add_argument("--list", action="store_true")
    parser.add_argument("--cluster-flag", action="append", default=[])
    parsed = parser.parse_args()
    runner = Runner(parsed)
    chosen = [trial for trial in TRIALS if selected(trial, parsed, runner)]
    if parsed.list:
        print(*(trial.name for trial in chosen), sep="\n")
        return 0
    runner.prepare()
    print(f"{dt.datetime.now(dt.timezone.utc):%Y-%m-%d %H:%M} UTC", flush=True)
    run_all(chosen, runner, parsed.cluster_flag)
    print(f"{len(chosen) - runner.failed} passed, {runner.failed} failed")
    return 1 if runner.failed else 0


def selected(trial: Trial, parsed: argparse.Namespace, runner: Runner) -> bool:
    if getattr(parsed, trial.engine) is None or (parsed.no_mount and trial.where != "plain"):
        return False
    if not parsed.only:
        return True
    if named(trial, parsed.only):
        return True
    needed = any(other.like == trial.name and named(other, parsed.only) for other in TRIALS)
    return needed and not runner.has_answer_of(trial.name)


def named(trial: Trial, words: list[str]) -> bool:
    return any(word in trial.name for word in words)


def run_all(trials: list[Trial], runner: Runner, flags: list[str]) -> None:
    for trial in trials:
        if trial.where == "plain":
            runner.run(trial, None)
    mounted = [trial for trial in trials if trial.where != "plain"]
    if mounted:
        with Cluster(runner.bucket, runner.logs / "cluster", flags) as cluster:
            for trial in mounted:
                runner.run(trial, cluster)


if __name__ == "__main__":
    sys.exit(main())
