"""The order book of `examples/_order_book.py`, for tests."""

import importlib.util
import sys
from pathlib import Path

_SPEC = importlib.util.spec_from_file_location(
    "_order_book_of_examples", Path(__file__).parents[2] / "examples/_order_book.py"
)
assert _SPEC is not None
assert _SPEC.loader is not None
book = sys.modules["_order_book_of_examples"] = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(book)
