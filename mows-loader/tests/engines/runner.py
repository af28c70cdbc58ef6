# SPDX-License-Identifier: Apache-2.0
"""Starts the engines, and reports."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import judge
import nobody
from cluster import Cluster
from judge import Answer
from order import Order
from trial import BY_NAME, COLD, HERE, OTHER_LLAMA, PARTS, SGLANG, VLLM, Model, Trial

_MOST_SECONDS = 1800  # of one start; a quiet machine takes 40
_POLL_SECONDS = 0.2
# Bytes per second of each of the 16 connections: what engines open first comes in a few seconds,
# the weights would take longer than the start of the slowest engine on the slowest machine.
_SLOW = 30_000
_THEN_SLOW = 150_000


class Runner:
    """Runs trials one after the other; `failed` of them went wrong."""

    def __init__(self, programs: dict[str, str], work: Path) -> None:
        self._programs = programs
        self._plain = work / "plain"
        self.bucket = work / "bucket"
        self.logs = work / "logs"
        self._home = work / "home"
        self.failed = 0

    def prepare(self, trials: list[Trial]) -> None:
        """Make the models, if earlier runs have not, and a copy for each cold trial."""
        for path in (self.bucket, self.logs):
            shutil.rmtree(path, ignore_errors=True)
            path.mkdir(parents=True)
        models = [trial.model for trial in trials]
        if any("{other}" in trial.command for trial in trials):
            models.append(OTHER_LLAMA)
        for model in dict.fromkeys(models):
            if not self._plain_of(model).exists():
                self._make(model)
        for trial in trials:
            if trial.where == COLD:
                copy = self.bucket / "models" / trial.copy
                shutil.copytree(self._plain_of(trial.model), copy, copy_function=os.link)
                for name, text in trial.beside.items():
                    (copy / name).write_text(text)

    def has_answer_of(self, trial: Trial) -> bool:
        """Whether a trial on this model was done in this run or an earlier one."""
        return self._kept(trial.name).exists()

    def run(self, trial: Trial, cluster: Cluster | None) -> None:
        """Run a trial, and print what came of it."""
        before = cluster.sent() if cluster is not None else {}
        order = self._order(trial, cluster)
        answer = self._start(trial, cluster, order)
        faults = self._faults(trial, answer) + (order.faults() if order is not None else [])
        if cluster is not None and not trial.fails:
            sent = self._sent(trial, before, cluster.sent())
            faults += judge.wrong_bytes(trial, self._read_by(trial), sent)
        self._report(trial, faults, answer)

    def _faults(self, trial: Trial, answer: Answer) -> list[str]:
        if trial.fails:
            return judge.wrong_failure(trial, answer)
        kept = self._kept(trial.like)
        if trial.like == trial.name and answer.tokens:
            kept.write_text(json.dumps(answer.tokens[0]))
        right = json.loads(kept.read_text()) if kept.exists() else None
        faults = judge.wrong_tokens(trial, answer, right) + judge.wrong_lines(trial, answer.lines)
        if trial.as_nobody and os.geteuid() == 0 and nobody.SAYS not in answer.log:
            faults.append("ran as root")
        return faults

    def _plain_of(self, model: Model) -> Path:
        return self._plain / model.directory

    def _kept(self, name: str) -> Path:
        """Where the tokens of a trial are."""
        return self._plain / f"{BY_NAME[name].model.directory}.{name}.json"

    def _make(self, model: Model) -> None:
        path = self._plain / f"{model.name}.part"
        shutil.rmtree(path, ignore_errors=True)
        path.mkdir(parents=True)
        script, *words = (word.replace("{path}", str(path)) for word in model.maker)
        maker = self._programs[VLLM]
        log = self.logs / f"make-{model.name}.log"
        with log.open("w") as output:
            command = [maker, str(HERE / script), *words]
            made = subprocess.run(command, stdout=output, stderr=output, check=False)
        if made.returncode != 0:
            raise RuntimeError(f"{script} failed:\n{read(log)}")
        for beside, size in model.beside:
            (path / beside).parent.mkdir(exist_ok=True)
            (path / beside).write_bytes(os.urandom(size << 20))
        path.rename(self._plain_of(model))

    def _read_by(self, trial: Trial) -> dict[str, int]:
        plain = self._plain_of(trial.model)
        files = plain.glob(trial.reads or trial.model.read)
        return {str(file.relative_to(plain)): file.stat().st_size for file in files}

    @staticmethod
    def _sent(trial: Trial, before: dict[str, int], after: dict[str, int]) -> dict[str, int]:
        prefix = f"models/{trial.copy}/"
        return {
            key.removeprefix(prefix): count - before.get(key, 0)
            for key, count in after.items()
            if key.startswith(prefix)
        }

    def _command(self, trial: Trial, cluster: Cluster | None) -> list[str]:
        paths = {"{plain}": self._plain_of(trial.model), "{other}": self._plain_of(OTHER_LLAMA)}
        paths["{path}"] = paths["{plain}"]
        if cluster is not None:
            paths["{path}"] = cluster.mount / "models" / trial.copy
        script, *words = trial.command
        for placeholder, path in paths.items():
            words = [word.replace(placeholder, str(path)) for word in words]
        command = [self._programs[trial.engine], str(HERE / script), *words]
        if trial.as_nobody and cluster is not None and os.geteuid() == 0:
            needed = [*self._python_of(trial.engine), HERE, cluster.mount]
            return nobody.command(self._home, needed, command)
        return command

    def _python_of(self, engine: str) -> list[Path]:
        """Name the directories of an engine's virtual environment and of the Python it is of."""
        program = Path(self._programs[engine])
        return [program.parents[1], program.resolve().parents[1]]

    def _order(self, trial: Trial, cluster: Cluster | None) -> Order | None:
        if cluster is None or not trial.then_slow:
            return None
        lengths = dict(sorted(self._read_by(trial).items()))
        return Order(cluster.mount / "models" / trial.copy, lengths)

    def _start(self, trial: Trial, cluster: Cluster | None, order: Order | None) -> Answer:
        log = self.logs / f"{trial.name}.log"
        environment = {**os.environ, **trial.environment}
        if trial.engine == SGLANG:
            environment["PYTHONPATH"] = str(HERE / "standin")
        elif trial.model is PARTS:
            environment["PYTHONPATH"] = str(HERE / "plugins")
        began = time.monotonic()
        with spoiled_origin(trial, cluster), log.open("w") as output:
            process = subprocess.Popen(
                self._command(trial, cluster),
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
            try:
                wait(process, log, lambda: self._asked(trial, cluster, order), order)
            finally:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)
        return Answer(read(log), process.wait(), time.monotonic() - began)

    def _asked(self, trial: Trial, cluster: Cluster | None, order: Order | None) -> None:
        """Do what is to be done when the loader has asked for its files."""
        if trial.removes:
            (self.bucket / "models" / trial.copy / trial.removes).unlink()
        if cluster is not None:
            cluster.limit(0 if order is None else _THEN_SLOW)

    def _report(self, trial: Trial, faults: list[str], answer: Answer) -> None:
        self.failed += bool(faults)
        result = "FAILED" if faults else "ok"
        print(f"{trial.name:20} {result:7} {answer.seconds:.0f} s", flush=True)
        for line in [*faults, *dict.fromkeys(answer.lines)]:
            print(f"    {line}", flush=True)
        if faults:
            print(f"    the last lines of {self.logs / trial.name}.log:", flush=True)
            print(answer.last_lines(), flush=True)


@contextlib.contextmanager
def spoiled_origin(trial: Trial, cluster: Cluster | None) -> Iterator[None]:
    """Let the origin do what it does wrong in this trial."""
    if cluster is None:
        yield
        return
    prefix = f"models/{trial.copy}/"
    cluster.spoil(*({**fault, "keys": f"{prefix}{fault['keys']}"} for fault in trial.spoils))
    cluster.limit(_SLOW if trial.asks else 0)
    try:
        yield
    finally:
        cluster.limit(0)
        cluster.spoil()


def wait(
    process: subprocess.Popen[bytes], log: Path, asked: Callable[[], None], order: Order | None
) -> None:
    """Wait for the end; call `asked` when the loader has asked for its files."""
    ends_at = time.monotonic() + _MOST_SECONDS
    has_asked = False
    while process.poll() is None and time.monotonic() < ends_at:
        if not has_asked and judge.ON_ITS_WAY in read(log):
            has_asked = True
            asked()
        if has_asked and order is not None:
            order.look()
        time.sleep(_POLL_SECONDS)


def read(log: Path) -> str:
    return log.read_text("utf-8", "replace")
