"""What members say of themselves, read from their files without importing them."""

from __future__ import annotations

import ast
import inspect
from importlib.util import find_spec

from ..core.rooms import files, members


def docstring(room: str, stem: str) -> str:
    """The docstring of the class or function named as its file, or else of the file; empty for what others add."""
    wanted = members(room).get(stem)
    spec = find_spec(f"ostrom.{room}.{stem}") if stem in files(room) else None
    source = spec.loader.get_source(spec.name) if spec and spec.loader else ""  # type: ignore[attr-defined]
    tree = ast.parse(source or "")
    if not wanted:
        return inspect.cleandoc(ast.get_docstring(tree) or "")
    for node in tree.body:
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) and node.name == wanted:
            return inspect.cleandoc(ast.get_docstring(node) or "")
    return ""


def sentence(room: str, stem: str) -> str:
    """Its first sentence."""
    return " ".join(docstring(room, stem).partition("\n\n")[0].split())
