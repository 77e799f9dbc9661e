"""The command `ostrom`: its verbs, and what becomes of errors.

Exit codes: 0 the report is complete, or (verify, recheck) every claim holds; 1 a claim is refuted (verify, recheck, and
audit under --gate), or a task of a sweep went wrong; 3 a claim is not decided (verify, recheck); 2 misuse or unusable
input, in one paragraph on standard error; 70 a mistake of ours (or in code of the user's own); 130 interrupted.
"""

from __future__ import annotations

import errno
import os
import sys
import traceback
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from .. import __version__
from ..core.errors import OstromError
from . import audit, compare, design, diagnose, list, monitor, play, recheck, show, sweep, train, verify
from ._terminal import harmless

MISUSE, OURS, INTERRUPTED = 2, 70, 130


class _Verbs(TyperGroup):
    """The verbs, with every error said in one paragraph."""

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except OstromError as error:
            _say(str(error))
            ctx.exit(MISUSE)
        except SystemExit:
            _say("A rule ended the program by itself (sys.exit). Rules answer, and never end what asks them.")
            ctx.exit(OURS)
        except KeyboardInterrupt:
            _say("Interrupted; nothing was written.")
            ctx.exit(INTERRUPTED)
        except MemoryError:
            _say("This does not fit into memory. Use fewer players or moves, or a representation without a table.")
            ctx.exit(MISUSE)


app = typer.Typer(
    cls=_Verbs,
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"ostrom {__version__}")
        raise typer.Exit


@app.callback()
def _ostrom(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Say which version this is.")
    ] = False,
) -> None:
    """Find out why agents who each do well do badly together, and what would mend it."""


VERBS = (
    *(audit.audit, diagnose.diagnose, design.design, verify.verify, compare.compare, recheck.recheck),
    monitor.monitor,
    *(train.train, sweep.sweep, play.play, list.list_, show.show),
)

for verb in VERBS:
    app.command(verb.__name__.rstrip("_"))(verb)


def run() -> None:
    """Run with the arguments of this process, and end it with the exit code."""
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:  # nobody may listen
            stream.reconfigure(errors="replace")  # type: ignore[union-attr]  # a terminal that cannot show a letter
    try:
        app(prog_name="ostrom")
    except Exception as error:
        if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EIO):
            _say(f"Not all could be written: {error.strerror}. Make room, or choose another place.")
            sys.exit(MISUSE)
        if os.environ.get("OSTROM_TRACEBACK"):
            raise
        place = traceback.extract_tb(error.__traceback__)[-1]
        _say(
            f"{type(error).__name__}: {error} (in {place.filename}, line {place.lineno}). "
            "This should not have happened. If that file is yours, mend it there; otherwise please report it. "
            "OSTROM_TRACEBACK=1 in the environment shows every step."
        )
        sys.exit(OURS)


def _say(message: str) -> None:
    typer.echo(f"ostrom: {harmless(message)}", err=True)
