"""One result in every form it can take."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..core.errors import UnknownName
from ..formats._text import save
from .html import html
from .json import json
from .svg import svg
from .text import text

FORMS: dict[str, Callable[[Any], str]] = {".html": html, ".json": json, ".svg": svg, ".txt": text}
"""Suffix of a file -> the form it is written in."""


@dataclass(frozen=True)
class Report:
    """What a verb returned, ready to be read: `print(report)`, or `report.save("lake.html")`."""

    result: Any

    def __str__(self) -> str:
        return text(self.result)

    def save(self, path: str | Path) -> None:
        """Write the report in the form that the suffix names: `.html`, `.json`, `.svg` or `.txt`.

        The file is written whole or not at all. Raises `InputError` for a suffix without a form and for a place that
        cannot be written.
        """
        save(form_of(path)(self.result), path)


def report(result: Any) -> Report:
    """The report on a result: a diagnosis, a design, a comparison, a verification or an audit.

    Examples
    --------
    >>> from ostrom import NormalForm
    >>> from ostrom.diagnosis._diagnose import diagnose
    >>> dilemma = NormalForm([[[3, 3], [0, 5]], [[5, 0], [1, 1]]], name="a dilemma")
    >>> print(str(report(diagnose(dilemma))).splitlines()[0])
    Diagnosis of a dilemma
    """
    return Report(result)


def form_of(path: str | Path) -> Callable[[Any], str]:
    """The form that a file's suffix names; an `InputError` says which there are."""
    suffix = Path(path).suffix.lower()
    if suffix not in FORMS:
        raise UnknownName("form of report", suffix or str(path), FORMS)
    return FORMS[suffix]
