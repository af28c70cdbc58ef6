# SPDX-License-Identifier: Apache-2.0
"""Starts vLLM's API server and prints the tokens it answers: `serve_vllm.py PATH FORMAT`."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

from generate_vllm import PROMPTS

_SERVER = "vllm.entrypoints.openai.api_server"


def main(path: str, load_format: str, _: str = "{}") -> None:
    port = free_port()
    base = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", _SERVER, "--model", path, f"--load-format={load_format}"]
    command += ["--host", "127.0.0.1", "--port", port, "--enforce-eager", "--max-model-len", "256"]
    began = time.monotonic()
    server = subprocess.Popen(command)
    try:
        while not healthy(base):
            if server.poll() is not None:
                sys.exit(f"The server ended with {server.returncode}")
            time.sleep(0.5)
        print(f"HEALTHY after {time.monotonic() - began:.1f} s", flush=True)
        print("TOKENS", json.dumps([complete(base, path, text) for text in PROMPTS]), flush=True)
    finally:
        server.terminate()
        server.wait()


def free_port() -> str:
    """Find a port that nobody has just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return str(probe.getsockname()[1])


def healthy(base: str) -> bool:
    try:
        with urllib.request.urlopen(f"{base}/health", timeout=5) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def complete(base: str, model: str, prompt: str) -> list[int]:
    body = {
        "model": model,
        "prompt": prompt,
        "max_tokens": 12,
        "temperature": 0,
        "ignore_eos": True,
        "return_token_ids": True,
    }
    request = urllib.request.Request(
        f"{base}/v1/completions",
        json.dumps(body).encode(),
        {"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=900) as answer:
        tokens = json.load(answer)["choices"][0]["token_ids"]
    return [int(token) for token in tokens]


if __name__ == "__main__":
    main(*sys.argv[1:])
