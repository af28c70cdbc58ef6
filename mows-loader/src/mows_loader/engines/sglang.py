# SPDX-License-Identifier: Apache-2.0
"""SGLang: `--load-format mows` becomes `auto` where the load is configured, and is watched.

So SGLang still chooses the loader itself (quantised checkpoints have their own), updates of weights
go on to work, and nothing of a load with another format is touched.
"""

from __future__ import annotations

import functools
import importlib.util
import logging
import sys
from typing import Any

from mows_loader import gate, options
from mows_loader.watch import Watch

FORMAT = "mows"
LOG = logging.getLogger("sglang.mows_loader")

_CONFIG = "sglang.srt.configs.load_config.LoadConfig._verify_load_format"
_LOADER = "sglang.srt.model_loader.loader.DefaultModelLoader.__init__"
_ARGUMENTS_MODULE = "sglang.srt.arg_groups.model_path_hook"
_ARGUMENTS = f"{_ARGUMENTS_MODULE}.handle_load_format"
_OPTIONS = "mows_options"


def register() -> None:
    """Entry point of `sglang.srt.plugins`; SGLang calls it once in each of its processes."""
    from sglang.srt.plugins.hook_registry import (  # noqa: PLC0415 nothing before SGLang asks
        HookRegistry,
        HookType,
    )
    from sglang.srt.server_args import (  # noqa: PLC0415
        LOAD_FORMAT_CHOICES,
        add_load_format_choices,
    )

    if FORMAT in LOAD_FORMAT_CHOICES:
        return
    add_load_format_choices([FORMAT])
    HookRegistry.register(_CONFIG, around_format, HookType.AROUND)
    if importlib.util.find_spec(_ARGUMENTS_MODULE) is not None:
        HookRegistry.register(_ARGUMENTS, around_arguments, HookType.AROUND)


def around_arguments(original: Any, server_args: Any, *args: Any, **kwargs: Any) -> Any:
    """Recognise what SGLang recognises only in format `auto`: GGUF, and Mistral's own files."""
    from sglang.srt.arg_groups import model_path_hook, overrides  # noqa: PLC0415

    view = overrides.resolving_view(server_args)
    if view.load_format == FORMAT:
        needed = None
        if model_path_hook.check_gguf_file(view.model_path):
            needed = "gguf"
        elif model_path_hook.is_mistral_native_format(server_args):
            needed = "mistral"
        if needed is not None:
            overrides.declare_resolution(server_args, "mows_loader", load_format=needed)
            LOG.info("MoWS: these files need load format %s, which goes without MoWS", needed)
    return original(server_args, *args, **kwargs)


def around_format(original: Any, config: Any, *args: Any, **kwargs: Any) -> Any:
    """Take `mows` for `auto`, and our options out of the extra config."""
    if str(getattr(config.load_format, "value", config.load_format)).lower() == FORMAT:
        ours, rest = options.split_extra_config(config.model_loader_extra_config)
        config.model_loader_extra_config = rest
        config.load_format = "auto"
        setattr(config, _OPTIONS, ours)
        _watch_loaders()
    return original(config, *args, **kwargs)


@functools.cache
def _watch_loaders() -> None:
    from sglang.srt.plugins.hook_registry import (  # noqa: PLC0415
        HookRegistry,
        HookType,
    )

    HookRegistry.register(_LOADER, around_loader, HookType.AROUND)
    HookRegistry.apply_hooks()


def around_loader(original: Any, loader: Any, load_config: Any, *args: Any, **kwargs: Any) -> None:
    """Watch a loader that was made for format `mows`."""
    original(loader, load_config, *args, **kwargs)
    ours = getattr(load_config, _OPTIONS, None)
    if ours is None:
        return
    opens = gate.of(sys.modules.get("safetensors"), torch=sys.modules.get("torch"))
    watch = Watch(ours, LOG, opens)
    kind = type(loader)

    # The class is asked anew at each call, since models of SGLang replace its methods.
    def prepare(*args: Any, **kwargs: Any) -> Any:
        return watch.prepare(functools.partial(kind._prepare_weights, loader), *args, **kwargs)  # noqa: SLF001

    def read(*args: Any, **kwargs: Any) -> Any:
        return watch.read(functools.partial(kind._get_weights_iterator, loader), *args, **kwargs)  # noqa: SLF001

    loader._prepare_weights = prepare  # noqa: SLF001
    loader._get_weights_iterator = read  # noqa: SLF001
