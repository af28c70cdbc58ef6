# SPDX-License-Identifier: Apache-2.0
"""A Llama in two parts."""

from __future__ import annotations

from typing import Any

from vllm.model_executor.model_loader.default_loader import DefaultModelLoader
from vllm.model_executor.models.llama import LlamaForCausalLM


class TwoPartsForCausalLM(LlamaForCausalLM):  # type: ignore[misc]
    """Names the second folder as models of vLLM do."""

    def __init__(self, *, vllm_config: Any, prefix: str = "") -> None:
        super().__init__(vllm_config=vllm_config, prefix=prefix)
        model = vllm_config.model_config.model
        self.secondary_weights = [DefaultModelLoader.Source(model, None, subfolder="talker")]
