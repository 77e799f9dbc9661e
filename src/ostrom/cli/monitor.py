"""`ostrom monitor`: what a log of agents shows, ranked by evidence."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from typing import Annotated, Any

import typer

from ._options import Output, Seed
from ._terminal import harmless

LogFile = Annotated[
    str,
    typer.Argument(
        metavar="LOG",
        help="A file or folder of records: an event table (.jsonl, .parquet), a CSV table, traces, chats, or logs of "
        "evaluations.",
        show_default=False,
    ),
]
Only = Annotated[
    list[str] | None,
    typer.Option("--only", metavar="NAME:k=v,…", help="Only this monitor (ostrom list monitors). Again for more."),
]
Field = "Of the speaker's observation"
Private = Annotated[
    list[str] | None,
    typer.Option("--private", metavar="FIELD", help=f"{Field}: known to it alone. Again for more; default: found."),
]
Public = Annotated[
    list[str] | None,
    typer.Option("--public", metavar="FIELD", help=f"{Field}: known to all. Again for more; default: found."),
]
Format = Annotated[
    str | None,
    typer.Option("--format", metavar="NAME", help="The format of the log, where it is not recognised by itself."),
]
Mapped = Annotated[
    list[str] | None,
    typer.Option("--map", metavar="COLUMN=FIELD", help="Of a table: which column is which field of the event table."),
]
Level = Annotated[
    float, typer.Option("--level", metavar="SHARE", help="The share of false ones among the alarms, 0 to 1.")
]
Watch = Annotated[bool, typer.Option("--watch", help="Follow the file as it grows; Ctrl-C ends it with the report.")]
Idle = Annotated[
    float | None,
    typer.Option("--idle", metavar="SECONDS", min=0.0, help="With --watch: end when nothing came for so long."),
]
GateAlarms = Annotated[bool, typer.Option("--gate", help="End with exit code 1 when an alarm stands.")]


def monitor(
    log: LogFile,
    only: Only = None,
    private: Private = None,
    public: Public = None,
    form: Format = None,
    mapped: Mapped = None,
    level: Level = 0.05,
    watch: Watch = False,
    idle: Idle = None,
    output: Output = None,
    gate: GateAlarms = False,
    seed: Seed = 0,
) -> None:
    """Read a log, and say what agents say, learn and do together that nobody ordered."""
    from ..core.errors import InputError
    from ..formats.log import follow_log, open_log
    from ..monitors._monitor import monitor, refuse_level
    from ..monitors._watch import Watching
    from ._output import deliver, progress, refuse_unwritable

    refuse_unwritable(output, log)
    refuse_level(level)
    if idle is not None and not watch:
        raise InputError("--idle was given without --watch.", do="Add --watch, or leave --idle out.")
    ended: InputError | None = None
    chosen, mapping = _chosen(only, private, public), _mapping(mapped)
    if watch:
        _say(f"Following {log}. Ctrl-C ends it with the report.")
        watching = Watching(chosen, level=level, seed=seed)
        blocks: Any = follow_log(log, form, mapping, wait=_patience(idle), say=_say)
        with closing(blocks):
            seen, ended = _followed(watching, blocks)
    else:
        with progress() as stage:
            stage("Reading the log")
            read = open_log(log, form, mapping)
            seen = monitor(read, chosen, level=level, seed=seed, progress=stage)
    deliver(seen, output)
    if ended:
        raise ended
    if gate and seen.alarms:
        raise typer.Exit(1)


def _chosen(only: list[str] | None, private: list[str] | None, public: list[str] | None) -> list[Any]:
    """The monitors that are asked for, told which fields are private and which public where they ask."""
    from dataclasses import fields, replace

    from ..core.catalogue import build
    from ..monitors._case import Monitor
    from ..monitors._monitor import default

    made = [build("monitors", _alone(text), Monitor) for text in only] if only else list(default())
    told = {name: tuple(given) for name, given in (("private", private), ("public", public)) if given}
    return [replace(one, **{k: v for k, v in told.items() if k in {f.name for f in fields(one)}}) for one in made]  # type: ignore[type-var]


def _alone(text: str) -> str:
    """The text of a monitor that needs nothing but a log; `InputError` for what has to be called in Python."""
    from ..core.catalogue import member
    from ..core.errors import InputError
    from ..monitors._case import Monitor

    found = member("monitors", name) if (name := text.partition(":")[0].strip()) else None
    if name and not (isinstance(found, type) and issubclass(found, Monitor)):
        raise InputError(
            f"{name} asks agents, or plays a game: it needs more than a log.",
            "On a command line there is a log only.",
            f"Call ostrom.monitors.{getattr(found, '__name__', name)} in Python; ostrom show {name} says how.",
        )
    return text


def _mapping(mapped: list[str] | None) -> dict[str, str] | None:
    from ..core.errors import InputError

    found = {}
    for text in mapped or ():
        column, equals, field = (part.strip() for part in text.rpartition("="))
        if not (column and equals and field):
            raise InputError(f"--map {text} names no column and field.", do="Write --map COLUMN=FIELD.")
        found[column] = field
    return found or None


def _patience(idle: float | None) -> Callable[[], bool]:
    """What is done while nothing comes: wait a little, and end (False) after `idle` seconds of it."""
    pause = 0.5 if idle is None else min(0.5, max(idle / 4, 0.01))
    waited = 0.0

    def wait() -> bool:
        nonlocal waited
        if idle is not None and waited >= idle:
            return False
        time.sleep(pause)
        waited += pause
        return True

    return wait


def _followed(watching: Any, blocks: Iterator[Any]) -> tuple[Any, Any]:
    """Read block after block and tell every alarm when it comes; what was seen, and the error that ended it or None.

    Whoever or whatever ends the watch, there is a report of what was read until then.
    """
    from ..core.errors import InputError

    rows, ended = 0, None
    with _stoppable():
        try:
            for fresh in blocks:
                rows += len(fresh)
                for alarm in watching.read(fresh):
                    _say(f"{time.strftime('%H:%M:%S')}, after {rows:,} rows. Alarm: {alarm.sentence}")
        except KeyboardInterrupt:
            _say("")
        except InputError as why:
            if not rows:
                raise
            ended = why
        with suppress(KeyboardInterrupt):  # who cannot wait for the last rows gets the report without them
            watching.finish()
    if not rows:
        raise InputError("Nothing was read before the watch ended.", do="Start it when there are rows.")
    return watching.so_far(), ended


@contextmanager
def _stoppable() -> Iterator[None]:
    """Ctrl-C and the signal with which services are stopped end what is inside; also of a job in the background."""
    import signal

    before = {number: signal.signal(number, _stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _stop(number: int, frame: Any) -> None:
    raise KeyboardInterrupt


def _say(text: str) -> None:
    typer.echo(harmless(text), err=True)
