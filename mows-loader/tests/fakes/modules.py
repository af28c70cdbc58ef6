# SPDX-License-Identifier: Apache-2.0
"""Modules that are not installed."""

from __future__ import annotations

import importlib.machinery
import sys
import types
from typing import Any

import pytest


def put(monkeypatch: pytest.MonkeyPatch, name: str, **names: Any) -> types.ModuleType:
    """Put a module, and the packages above it, where imports find them."""
    result = types.ModuleType(name)
    result.__spec__ = importlib.machinery.ModuleSpec(name, None)
    vars(result).update(names)
    monkeypatch.setitem(sys.modules, name, result)
    parent, _, child = name.rpartition(".")
    if parent:
        if parent not in sys.modules:
            put(monkeypatch, parent)
        monkeypatch.setattr(sys.modules[parent], child, result, raising=False)
    return result
