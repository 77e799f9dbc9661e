"""PrefLib's elections (`.soc`, `.soi`, `.toc`, `.toi`, `.cat`): both headers read, the present one written.

Format: lines `# KEY: value` with the number of alternatives, their names and how many vote, then a line for each
ballot, `how many: 1,{2,3},4`, best first, with ties in braces. Files from before 2022 have the number of alternatives,
lines `number,name`, a line `voters,sum of counts,ballots`, and `how many,1,{2,3},4` for each ballot.
Source: Mattei and Walsh (2013), "PrefLib: a library for preferences", and preflib.org/format.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Literal, get_args

import numpy as np

from ostrom.core.errors import InputError, UnknownName
from ostrom.core.forms.ballots import Ballots

from ._preflib_lines import Election, modern, older
from ._text import at, bad, distinct, load

Kind = Literal["soc", "soi", "toc", "toi", "cat"]
"""Orders that are strict or have ties, and are complete or not; and categories."""


NAMELESS = "election"
"""What an election is called that has no title."""


def load_preflib(path: str | Path, *, approved: int = 1) -> Ballots:
    """The election in a PrefLib file, called as the file is where it has no title; see `read_preflib`."""
    found = read_preflib(load(path), str(path), approved=approved)
    found.name = (Path(path).stem.strip("-") or found.name) if found.name == NAMELESS else found.name
    return found


def read_preflib(text: str, where: str = "this text", *, approved: int = 1) -> Ballots:
    """The election in the text of a PrefLib file, ballots in the order of the file.

    Of categories (`.cat`) an approval election is made: what stands in one of the first `approved` categories has
    place 0, the rest is not mentioned. Blank names are numbered, repeated ones told apart. Raises `InputError` naming
    `where` and the line for anything that is not such a file, also one that is cut short: the numbers of voters and
    ballots have to be those that the header promises.
    """
    first = next((line for line in text.splitlines() if line.strip()), "")
    found = modern(text, where) if first.lstrip().startswith("#") else older(text, where)
    _agree(found, where)
    ranks = np.full((len(found.orders), len(found.names)), -1, np.int64)
    for row, (places, _) in zip(ranks, found.orders, strict=True):
        for place, alternatives in enumerate(places):
            if found.kind != "cat":
                row[alternatives] = place
            elif place < approved:
                row[alternatives] = 0
    with at(where):
        return Ballots(ranks[found.which], found.counts, distinct(found.names), name=found.title or NAMELESS)


def _agree(found: Election, where: str) -> None:
    """Refuse ballots that are not what the header says they are."""
    sums = {"voters": sum(found.counts), "ballots": len(found.counts)}
    for what, count in sums.items():
        promised, line = found.promised.get(what, (count, None))
        if promised != count:
            raise bad(
                where, line, f"{promised:,} {what} are promised, and there are {count:,}.",
                "The file is cut short, or was changed by hand.", "Get the file again, or correct this number.",
            )  # fmt: skip
    for places, line in found.orders:
        tied = any(len(place) != 1 for place in places)
        partial = sum(len(place) for place in places) < len(found.names)
        if (found.kind in ("soc", "soi") and tied) or (found.kind in ("soc", "toc") and partial):
            what = "has a tie" if tied and found.kind != "toc" else "does not name every alternative"
            raise bad(
                where, line, f"the ballot {what}, in a file of type {found.kind}.",
                "Types that begin with s have no ties, types that end with c are complete.",
                "Correct the ballot, or the DATA TYPE.",
            )  # fmt: skip


def write_preflib(ballots: Ballots, kind: Kind | None = None) -> str:
    """The election as the text of a PrefLib file, with the present header.

    Parameters
    ----------
    kind : by default the narrowest of "soc", "soi", "toc" and "toi" that holds the ballots. "cat" writes approval
        ballots, what has place 0 and the rest.

    Raises
    ------
    UnknownName : another kind. InputError : ballots that the kind cannot hold, or a name with a line break or blanks
        around it.
    """
    narrowest: Kind = _narrowest(ballots)
    kind = narrowest if kind is None else kind
    if kind not in get_args(Kind):
        raise UnknownName("type of PrefLib file", str(kind), get_args(Kind))
    fits = (kind[0] == "t" or narrowest[0] == "s") and (kind[2] == "i" or narrowest[2] == "c")
    if (kind == "cat" and ballots.ranks.max() > 0) or (kind != "cat" and not fits):
        raise InputError(
            f"A .{kind} file cannot hold these ballots.",
            f"They are those of a .{narrowest} file.",
            f"Write kind={narrowest!r}.",
        )
    if any(name != name.strip() or len(name.splitlines()) != 1 for name in (*ballots.alternatives, ballots.name)):
        raise InputError(
            "A name has a line break or blanks around it.", "It would be read back as another.", "Rename it."
        )
    lines = [_written(ballots, row, kind) for row in ballots.ranks]
    what = "PREFERENCES" if kind == "cat" else "ORDERS"
    head = [f"TITLE: {ballots.name}", f"DATA TYPE: {kind}", f"NUMBER ALTERNATIVES: {len(ballots.alternatives)}"]
    head += [f"NUMBER VOTERS: {ballots.voters}", f"NUMBER UNIQUE {what}: {len(lines)}"]
    head += ["NUMBER CATEGORIES: 2", "CATEGORY NAME 1: Yes", "CATEGORY NAME 2: No"] if kind == "cat" else []
    head += [f"ALTERNATIVE NAME {k}: {name}" for k, name in enumerate(ballots.alternatives, 1)]
    body = [f"{many}: {line}" for many, line in zip(ballots.counts.tolist(), lines, strict=True)]
    return "\n".join([*(f"# {line}" for line in head), *body, ""])


def _narrowest(ballots: Ballots) -> Kind:
    """The narrowest type of file that holds the ballots; one that mentions nothing is written `{}`, among ties."""
    strict = ballots.strict and bool((ballots.ranks >= 0).any(1).all())
    if strict:
        return "soc" if ballots.complete else "soi"
    return "toc" if ballots.complete else "toi"


def _written(ballots: Ballots, row: np.ndarray, kind: str) -> str:
    places = [np.flatnonzero(row == place) for place in range(row.max() + 1)]
    if kind == "cat":
        places = [np.flatnonzero(row == 0), np.flatnonzero(row != 0)]
    return ",".join(_braced(place.tolist()) for place in places) or "{}"


def _braced(place: Sequence[int]) -> str:
    inner = ",".join(str(one + 1) for one in place)
    return inner if len(place) == 1 else f"{{{inner}}}"
