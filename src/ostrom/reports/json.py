"""Results as JSON: everything the report says, and the numbers behind it in full."""

from __future__ import annotations

import json as _json
from typing import Any

from .. import __version__
from ..core.rooms import in_words
from ._plain import plain


def json(result: Any) -> str:
    """The result as the text of a JSON file, `{"ostrom": version, "kind": …, …}`.

    `result` is what a verb returned. Numbers are written so that they read back as the same float64; infinities and
    what is undefined are the strings "inf", "-inf" and "nan". The same result gives the same bytes.
    """
    document = {"ostrom": __version__, "kind": _kind(result), **plain(result)}
    return _json.dumps(document, ensure_ascii=False, allow_nan=False, indent=1) + "\n"


def _kind(result: Any) -> str:
    """`Audit` -> "audit", `TrafficDiagnosis` -> "traffic diagnosis"."""
    return in_words(type(result).__name__)
