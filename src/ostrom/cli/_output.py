"""Where a result goes: to the terminal, and whole to the files that were asked for."""

from __future__ import annotations

import os
import shutil
import sys
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

WIDEST = 110


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
    """Print the report, and write the files: all forms are made before the first file is."""
    made = [(path, form_of(path)(result)) for path in outputs or ()]
    colour = sys.stdout.isatty() and not os.environ.get("NO_COLOR")
    width = min(shutil.get_terminal_size().columns, WIDEST) if sys.stdout.isatty() else 100
    typer.echo(text(result, width=width, colour=colour), nl=False)
    for path, content in made:
        save(content, path)
        typer.echo(f"Written: {path}", err=True)


def certify(found: Certificate | None, path: Path | None) -> None:
    """Write the certificate where one was asked for; `InputError` where there is none."""
    if path is not None:
        save_certificate(found, path)
        typer.echo(f"Written: {path}", err=True)


@contextmanager
def progress() -> Iterator[Callable[[str], None]]:
    """Tell a person at a terminal what is being done, on standard error; the line is gone at the end."""
    if not sys.stderr.isatty():
        yield lambda stage: None
        return
    try:
        yield lambda stage: typer.echo(f"\r\033[K{stage} …", err=True, nl=False)
    finally:
        typer.echo("\r\033[K", err=True, nl=False)
