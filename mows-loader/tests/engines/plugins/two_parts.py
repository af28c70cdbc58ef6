# SPDX-License-Identifier: Apache-2.0
"""A plugin of vLLM: a model whose weights lie in two folders, as Kimi-Audio's do."""

from __future__ import annotations

from vllm import ModelRegistry


def register() -> None:
    ModelRegistry.register_model("TwoPartsForCausalLM", "two_parts_model:TwoPartsForCausalLM")
