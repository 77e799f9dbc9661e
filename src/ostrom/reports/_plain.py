"""Results as plain data: dicts, lists, numbers, words."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import Any

import numpy as np

from ..core.claim import Finding
from ..core.game import Game


def plain(value: Any) -> Any:
    """`value` as JSON can hold it: records by field (and their findings), arrays as lists, games by name."""
    if hasattr(value, "to_dict"):
        return plain(value.to_dict())
    if isinstance(value, Game):
        return {"game": value.name, "players": list(value.players)}
    if is_dataclass(value) and not isinstance(value, type):
        return _record(value)
    if isinstance(value, Mapping):
        return {_key(key): plain(entry) for key, entry in value.items()}
    if isinstance(value, np.ndarray | np.generic):
        return plain(value.tolist())
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(entry) for entry in (sorted(value) if isinstance(value, set | frozenset) else value)]
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode()  # half a pair of surrogates cannot be written
    return value if value is None or isinstance(value, int) else str(value)


def _record(value: Any) -> dict[str, Any]:
    found = {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    if not isinstance(value, Finding) and isinstance(getattr(value, "findings", None), tuple):
        found["findings"] = plain(value.findings)
    return found


def _key(key: Any) -> str:
    return plain(key) if isinstance(key, str) else str(key)
