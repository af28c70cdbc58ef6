# SPDX-License-Identifier: Apache-2.0
"""A stand-in for SGLang's kernels, whose CPU build is in no registry: each function raises.

Without AMX SGLang's layers are plain torch on a CPU, so a small Llama runs without a kernel. A
trial with it shows SGLang's Python, not SGLang's speed.
"""

from __future__ import annotations

from typing import Any


def __getattr__(name: str) -> Any:
    if name.startswith("__"):
        raise AttributeError(name)

    def kernel(*_: Any, **__: Any) -> Any:
        raise NotImplementedError(f"sgl_kernel.{name} is a stand-in")

    return kernel
