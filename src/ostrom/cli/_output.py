"""Where a result goes: to the terminal, and whole to the files that were asked for."""

from __future__ import annotations

import os
import shutil
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import typer

from ..core.certificate import Certificate
from ..core.errors import InputError
from ..formats._text import save
from ..formats.certificate import save_certificate
from ..reports.report import form_of
from ..reports.text import text
from ._terminal import harmless

WIDEST = 110
QUIET = 10.0
"""Seconds without a word after which it is said what is being done, where nobody sits at a terminal."""


def refuse_unwritable(outputs: Sequence[Path] | None, subject: str, certificate: Path | None = None) -> None:
    """Say before the work begins that a file will not be written; `InputError` says why."""
    for path in outputs or ():
        form_of(path)
    places = [*(outputs or ()), *(() if certificate is None else (certificate,))]
    for k, path in enumerate(places):
        _refuse(path, subject)
        if any(path.absolute() == other.absolute() for other in places[:k]):
            raise _unwritable(path, "Something else is to be written there.", "Give each file a name of its own.")


def _refuse(path: Path, subject: str) -> None:
    folder = path.absolute().parent
    if not folder.is_dir():
        raise _unwritable(path, f"There is no folder {str(folder)!r}.", "Make it first.")
    if path.is_dir() or not os.access(path if path.exists() else folder, os.W_OK):
        raise _unwritable(path, "It is a folder, or protected.", "Choose another place.")
    if path.exists() and Path(subject).exists() and path.samefile(subject):
        raise _unwritable(path, "It is what the report would be about.", "Choose another name.")


def _unwritable(path: Path, why: str, do: str) -> InputError:
    return InputError(f"Nothing can be written to {str(path)!r}.", why, do)


def deliver(result: Any, outputs: Sequence[Path] | None) -> None:
    """Write the files and print the report: all forms are made before the first file is, and files come first, since
    who reads the report may stop reading."""
    made = [(path, form_of(path)(result)) for path in outputs or ()]
    for path, content in made:
        save(content, path)
        typer.echo(f"Written: {path}", err=True)
    shown = sys.stdout is not None and sys.stdout.isatty()
    width = min(shutil.get_terminal_size().columns, WIDEST) if shown else 100
    typer.echo(text(result, width=width, colour=shown and not os.environ.get("NO_COLOR")), nl=False)


def certify(found: Certificate | None, path: Path | None) -> None:
    """Write the certificate where one was asked for; `InputError` where there is none."""
    if path is not None:
        save_certificate(found, path)
        typer.echo(f"Written: {path}", err=True)


@contextmanager
def progress() -> Iterator[Callable[[str], None]]:
    """Tell what is being done, on standard error: a person at a terminal at once, in a line that is gone at the end;
    elsewhere a line when there was none for some time."""
    if sys.stderr is None or not sys.stderr.isatty():
        said = time.monotonic()

        def now_and_then(stage: str) -> None:
            nonlocal said
            if time.monotonic() - said > QUIET:
                said = time.monotonic()
                typer.echo(f"{harmless(stage)} …", err=True)

        yield now_and_then
        return
    try:
        yield lambda stage: typer.echo(f"\r\033[K{harmless(stage)} …", err=True, nl=False)
    finally:
        typer.echo("\r\033[K", err=True, nl=False)
