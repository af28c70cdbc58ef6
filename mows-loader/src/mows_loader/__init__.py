# SPDX-License-Identifier: Apache-2.0
"""Load format `mows` for vLLM and SGLang: weights from a MoWS mount, in the engine's order."""

__version__ = "0.1.0"
