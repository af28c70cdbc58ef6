# SPDX-License-Identifier: Apache-2.0
"""Loads a model by its name on the hub from each PATH, which is a cache as huggingface_hub has it.

`load_hub.py PATH...`: each in a process of its own, as `docs/engines.md` says to set it up.
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

# Where the cache is they read when they are imported, so each PATH has a process.
from huggingface_hub import hf_hub_download, scan_cache_dir, snapshot_download
from huggingface_hub.errors import LocalEntryNotFoundError
from transformers import AutoConfig, AutoTokenizer

from load_files import generate

NAME = "org/llama"
_FOLDER = "models--org--llama"


def load() -> None:
    cache = Path(os.environ["HF_HUB_CACHE"])
    snapshot = Path(snapshot_download(NAME))
    config = Path(hf_hub_download(NAME, "config.json"))
    if snapshot.parents[1] != cache / _FOLDER or config.parent != snapshot:
        sys.exit(f"not from the cache: {snapshot}, {config}")
    with contextlib.suppress(LocalEntryNotFoundError):
        sys.exit(f"there is no such file: {hf_hub_download(NAME, 'absent.json')}")
    if [repo.repo_id for repo in scan_cache_dir().repos] != [NAME]:
        sys.exit("huggingface_hub does not see what is in the cache")
    words = AutoTokenizer.from_pretrained(NAME)("w5 w6 w7").input_ids
    if words != [5, 6, 7] or AutoConfig.from_pretrained(NAME).model_type != "llama":
        sys.exit(f"another tokenizer or config: {words}")
    print("TOKENS", json.dumps(generate(NAME)), flush=True)


def main() -> None:
    for path in sys.argv[1:]:
        with tempfile.TemporaryDirectory() as home:
            places = {"HF_HUB_CACHE": path, "HF_HOME": home, "HF_HUB_OFFLINE": "1"}
            subprocess.run([sys.executable, __file__], env={**os.environ, **places}, check=True)


if __name__ == "__main__":
    main() if len(sys.argv) > 1 else load()
