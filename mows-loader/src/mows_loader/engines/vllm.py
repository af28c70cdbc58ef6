# SPDX-License-Identifier: Apache-2.0
"""vLLM: `--load-format mows` is its default loader, watched."""

from __future__ import annotations

import dataclasses
import functools
import logging
import sys
from typing import Any

from mows_loader import gate, last_words, options
from mows_loader.watch import Watch

FORMAT = "mows"

# A child of vLLM's logger: others have no handler in its worker processes.
LOG = logging.getLogger("vllm.mows_loader")


def register() -> None:
    """Entry point of `vllm.general_plugins`; vLLM calls it in each of its processes."""
    from vllm.model_executor import model_loader  # noqa: PLC0415 nothing of vLLM before it asks

    last_words.listen()
    if FORMAT not in getattr(model_loader, "_LOAD_FORMAT_TO_MODEL_LOADER", {}):
        model_loader.register_model_loader(FORMAT)(loader_class())


@functools.cache
def loader_class() -> type[Any]:
    """Make the class from the vLLM that is installed."""
    from vllm.model_executor.model_loader import (  # noqa: PLC0415 nothing before vLLM asks
        BaseModelLoader,
        DefaultModelLoader,
        weight_utils,
    )

    class WatchedLoader(DefaultModelLoader):  # type: ignore[misc]
        """The default loader, which tells what it does."""

        def __init__(self, load_config: Any, watch: Watch) -> None:
            super().__init__(load_config)
            self.watch = watch

        def _prepare_weights(self, *args: Any, **kwargs: Any) -> Any:
            return self.watch.prepare(super()._prepare_weights, *args, **kwargs)

        def _get_weights_iterator(self, *args: Any, **kwargs: Any) -> Any:
            return self.watch.read(super()._get_weights_iterator, *args, **kwargs)

    class MowsModelLoader(BaseModelLoader):  # type: ignore[misc]
        """What vLLM sees as the loader of format `mows`."""

        def __init__(self, load_config: Any) -> None:
            super().__init__(load_config)
            ours, rest = options.split_extra_config(load_config.model_loader_extra_config)
            inner = dataclasses.replace(
                load_config, load_format="auto", model_loader_extra_config=rest
            )
            opens = gate.of(weight_utils, torch=sys.modules.get("torch"))
            self.inner = WatchedLoader(inner, Watch(ours, LOG, opens))

        def download_model(self, model_config: Any) -> None:
            try:
                self.inner.download_model(model_config)
            finally:
                self.inner.watch.forget()

        def load_weights(self, model: Any, model_config: Any) -> None:
            self.inner.load_weights(model, model_config)

        def get_all_weights(self, model_config: Any, model: Any) -> Any:
            return self.inner.get_all_weights(model_config, model)

        def __getattr__(self, name: str) -> Any:
            if name == "inner":  # asked before __init__ has set it, as copying does
                raise AttributeError(name)
            return getattr(self.inner, name)

    return MowsModelLoader
