"""Whatever log somebody hands us, opened: the reader is picked by what the file or folder holds."""

from __future__ import annotations

import importlib
import time
from array import array
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np

from ..core.errors import InputError, TooLarge, UnknownName
from ..core.log import Columns, Log
from ._log_source import HEAD, Feed, head, opened
from ._log_tail import Tail, refuse_no_file

READERS = ("event_log", "concordia", "govsim", "inspect_eval", "otlp", "openai_chat", "otree", "event_csv")
"""The formats of files, in the order in which they are asked whether they know one: the most particular first."""

FOLDERS = ("coopeval", "govsim")
"""The formats of folders."""

FOLLOWED = {"event_log": "EventLines", "openai_chat": "ChatLines", "otlp": "TraceLines", "event_csv": "CsvLines"}
"""The formats that can be followed while they grow, and what reads their lines."""

AT_MOST = 10_000
"""Files of a folder that are read together."""


class BrokenLog(InputError):
    """A log that cannot be read to its end; `log` holds all rows before the place that the message names."""

    def __init__(self, error: InputError, log: Log) -> None:
        super().__init__(error.what, error.why, error.do)
        self.log = log


def open_log(path: str | Path, format: str | None = None, mapping: Mapping[str, str] | None = None) -> Log:
    """Read a log of any format that ostrom knows.

    Parameters
    ----------
    path : a file, plain or gzipped; or a folder of CoopEval or GovSim records, or of files of one format.
    format : the name of the format where it should not be guessed: `event_log`, `event_csv`, `openai_chat`, `otlp`,
        `inspect_eval`, `concordia`, `otree`, `govsim`, `coopeval`.
    mapping : for `event_csv`, what each column is: `{"speaker": "agent", "text": "message", "cost":
        "observation.cost"}`.

    Returns
    -------
    Log : its `row` numbers are lines, or places of records, in the file; within an episode rows are in order of time.

    Raises
    ------
    InputError : there is no such file, or no reader knows it. A `BrokenLog` where it breaks off or holds something that
        cannot be, with file and line; its `log` holds all that was read before.
    MissingExtra : the format needs a library that is not installed.
    """
    if not str(path):
        raise InputError("No path was given.", do="Name the file or folder of a log.")
    path = Path(path)
    try:
        path.is_dir()
    except (OSError, ValueError) as why:  # a name that is too long, or holds a zero byte
        raise InputError(f"{str(path)[:80]!r} … is no path: {why.__class__.__name__}.", do="Check the path.") from None
    name = _named(format) if format else recognised(path, mapping)
    if name == "event_log" and head(path).startswith(b"PAR1"):
        return in_time(_module("event_log").read_columns(path))
    if path.is_dir() and name not in FOLDERS:
        return _together(path, name, mapping)
    log = _gathered(_rows(path, name, mapping), str(path))
    if not len(log) and path.is_dir() and not format:  # a folder that only looks like those of a benchmark
        return _together(path, _of_files(path, mapping), mapping)
    return log


def recognised(path: str | Path, mapping: Mapping[str, str] | None = None) -> str:
    """The name of the format of a file or folder; `InputError` where no reader knows it."""
    path = Path(path)
    if path.is_dir():
        known = (name for name in FOLDERS if _module(name).recognises(path))
        return next(known, "") or _of_files(path, mapping)
    with opened(path):
        pass
    begins = head(path)
    if mapping and begins.lstrip()[:1] in (b"{", b"["):
        raise InputError(f"{path.name} is JSON, no table.", "Only columns of tables are mapped.", "Leave --map out.")
    if mapping:
        return "event_csv"
    for name in READERS:
        if _module(name).recognises(path):
            return name
    raise _unknown(path, begins)


def _unknown(path: Path, begins: bytes) -> InputError:
    """What is odd about a file that no reader knows."""
    what = f"No reader knows what {path.name!r} holds."
    if not begins.strip():
        return InputError(f"{path.name!r} is empty.", do="Give a log in which something happens.")
    if begins[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return InputError(what, "It begins as UTF-16 does.", "Save it as UTF-8.")
    if len(begins) >= HEAD and b"\n" not in begins[:HEAD]:
        long = f"Its first line is longer than the {HEAD >> 20} MB by which a format is recognised."
        return InputError(what, long, f"Say its format: {', '.join((*READERS, 'coopeval'))}.")
    return InputError(
        what,
        f"It begins {begins[:60]!r}.",
        f"Say its format: {', '.join((*READERS, 'coopeval'))}; a table needs --map COLUMN=FIELD, once for each "
        "column, like --map bot_name=agent.",
    )


def follow_log(
    path: str | Path,
    format: str | None = None,
    mapping: Mapping[str, str] | None = None,
    *,
    wait: Callable[[], object] = lambda: time.sleep(1),
    say: Callable[[str], object] = lambda words: None,
) -> Iterator[Log]:
    """The rows of a file that grows, as they are written: a `Log` whenever there are fresh ones.

    Parameters
    ----------
    path : a file of lines: an event table (JSON lines), chat completions, traces, or a table of text. It need not be
        there yet if `format` is given.
    wait : is called when there is nothing fresh; one that returns False ends it. Default: a second of sleep, for ever.
    say : is told in words when the file was cut, replaced, or holds a line that cannot be used. Such a line is passed
        over, for the lines after it are to be watched all the same. The last line waits until it is written to its end.

    Rows are numbered by the lines of the file that they stand in, which begin again at 1 when it is replaced.
    """
    path = Path(path)
    refuse_no_file(path)
    while not format and path.is_file() and not head(path).strip():  # a watch may begin before the agents do
        if wait() is False:
            break
    name = _named(format) if format else recognised(path, mapping)
    if name not in FOLLOWED or head(path).startswith(b"PAR1"):
        can = ", ".join(FOLLOWED)
        raise InputError(
            f"{path.name} cannot be followed as {name}.", f"Lines can: {can}.", "Read it when it is whole."
        )
    return _followed(path, lambda: _feed(path, name, mapping), wait, say)


def _followed(path: Path, feed: Callable[[], Feed], wait: Any, say: Any) -> Iterator[Log]:
    reader, last = feed(), 0
    with closing(Tail(path, say)) as tail:
        while True:
            made, numbers = Columns(), array("q")
            for number, line in tail.fresh():
                reader, last = (reader if number > last else feed()), number
                try:
                    for place, event in reader.feed(number, line):
                        made.add(event)
                        numbers.append(place)
                except InputError as error:
                    say(f"{error.what} It is passed over.")
            if len(made):
                yield in_time(made.log(str(path), numbers))
            elif wait() is False:
                return


def _gathered(rows: Iterator[tuple[int, Any]], source: str) -> Log:
    made, numbers = Columns(), array("q")
    try:
        for number, row in rows:
            made.add_row(row if type(row) is dict else vars(row))
            numbers.append(number)
    except InputError as error:
        if isinstance(error, TooLarge | UnknownName):
            raise
        raise BrokenLog(error, in_time(made.log(source, numbers))) from None
    return in_time(made.log(source, numbers))


def _rows(path: Path, name: str, mapping: Mapping[str, str] | None) -> Iterator[tuple[int, Any]]:
    module = _module(name)
    if name == "coopeval":
        return enumerate(module.CoopEval(path).events(texts=True), start=1)
    if name == "event_log":
        return module.rows(path)
    read = getattr(module, f"read_{name}")
    return read(path, mapping) if name == "event_csv" else read(path)


def _feed(path: Path, name: str, mapping: Mapping[str, str] | None) -> Feed:
    made = getattr(_module(name), FOLLOWED[name])
    return made(path.name, mapping) if name == "event_csv" else made(path.name)


def _together(path: Path, name: str, mapping: Mapping[str, str] | None) -> Log:
    """The files of a folder one after the other, episodes counted on, each row with the name of its file."""

    def rows() -> Iterator[tuple[int, Any]]:
        begun = 0
        for file in _files(path):
            last = begun - 1
            for number, row in _rows(file, name, mapping):
                row = dict(row if type(row) is dict else vars(row))
                row["episode"] += begun
                row["facts"] = {**row.get("facts", {}), "file": file.name}
                last = max(last, row["episode"])
                yield number, row
            begun = last + 1

    return _gathered(rows(), str(path))


def _of_files(path: Path, mapping: Mapping[str, str] | None) -> str:
    files = _files(path)
    names = {recognised(file, mapping) for file in files}
    if len(names) != 1:
        raise InputError(
            f"The folder {str(path)!r} holds {f'logs of several formats: {sorted(names)}' if names else 'no files'}.",
            "The files of a folder are read together when they are of one format.",
            "Name one file, or say the format.",
        )
    return names.pop()


def _files(path: Path) -> list[Path]:
    """The plain files right in a folder, by name; what is hidden or leads elsewhere is passed over."""
    found = sorted(f for f in path.iterdir() if f.is_file() and not f.is_symlink() and not f.name.startswith("."))
    if len(found) > AT_MOST:
        raise TooLarge(f"{str(path)!r} holds {len(found):,} files.", f"At most {AT_MOST:,} are read.", "Split it.")
    return found


def in_time(log: Log) -> Log:
    """The log with the rows of every episode in order of time; rows of one step stay in the order of the source."""
    order = np.lexsort((np.arange(len(log)), log.episode))
    episode, t = log.episode[order], log.t[order]
    if not ((np.diff(t) < 0) & (np.diff(episode) == 0)).any():
        return log
    chosen = np.empty(len(log), np.int64)
    chosen[order] = np.lexsort((log.t, log.episode))
    return log.take(chosen)


def _named(format: str) -> str:
    if format not in (*READERS, *FOLDERS):
        raise UnknownName("format of logs", format, {*READERS, *FOLDERS})
    return format


def _module(name: str) -> Any:
    """A member of this room by name: members do not import each other, and only the one needed is loaded."""
    return importlib.import_module(f"ostrom.formats.{name}")
