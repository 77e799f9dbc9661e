"""A workbench for multi-agent alignment: model, diagnose, design, verify, deploy, monitor.

`import ostrom as om` loads almost nothing: what is offered is listed in `__init__.pyi`, where type checkers read it
too, and each name is imported when it is first used.
"""

import re
from importlib import import_module
from pathlib import Path
from typing import Any

__version__ = "0.1.0"

_OFFERED = Path(__file__).with_suffix(".pyi").read_text(encoding="utf-8")
_WHERE = {name: module for module, name in re.findall(r"^from (\.\S*) import (\w+)", _OFFERED, re.MULTILINE)}
__all__ = sorted(_WHERE)  # pyright: ignore[reportUnsupportedDunderAll]


def __getattr__(name: str) -> Any:
    if name not in _WHERE:
        raise AttributeError(f"module 'ostrom' has no attribute {name!r}", name=name, obj=import_module(__name__))
    module = _WHERE[name]
    found = import_module(f".{name}", __name__) if module == "." else getattr(import_module(module, __name__), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
