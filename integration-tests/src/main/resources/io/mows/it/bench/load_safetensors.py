# SPDX-License-Identifier: Apache-2.0
"""Loads all shards of a model with safetensors alone: `load_safetensors.py MODEL WAY`.

Says that it is ready, waits for a line, loads, says that it is done, and then what it has loaded. WAY:
`auto`: load_file, which maps a shard; `mows`: the same with the loader's list and waits; `eager`: each
shard by one read.
"""

import logging
import pathlib
import sys
import zlib

import torch
from mows_loader import mount, options, selection, session
from safetensors.torch import load, load_file


def say(*words):
    print("BENCH", *words, flush=True)


def tensors(shard, way):
    return load(shard.read_bytes()) if way == "eager" else load_file(shard)


def load_all(path, way):
    files = [str(file) for file in selection.weights(path)]
    begun = None
    if way == "mows":
        log = logging.getLogger("bench")
        begun = session.begin(
            str(path), files, mount=mount.KernelMount(), options=options.Options(), log=log
        )
    loaded = {}
    for file in files:
        if begun is not None:
            begun.wait_for(file)
        for name, tensor in tensors(pathlib.Path(file), way).items():
            loaded[name] = tensor.clone()  # load_file has only mapped it: an engine copies
    if begun is not None:
        begun.close()
    return loaded


def main(path, way):
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    torch.set_num_threads(1)  # an engine reads weights by one thread
    say("ready")
    sys.stdin.readline()
    loaded = load_all(path, way)
    say("done")
    total = 0
    for name in sorted(loaded):
        total = zlib.crc32(name.encode(), total)
        total = zlib.crc32(loaded[name].reshape(-1).view(torch.uint8).numpy(), total)
    say("answer", f"{len(loaded)}-tensors-crc32-{total:08x}")


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]), sys.argv[2])
