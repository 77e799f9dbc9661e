"""The lines of PrefLib files: headers old and new, and ballots with ties in braces."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from ostrom.core.errors import InputError, TooLarge

from ._text import bad

CELLS = 20_000_000
"""Ballots times alternatives beyond which a file is refused."""

KINDS = ("soc", "soi", "toc", "toi", "cat")
_KEY = re.compile(r"#\s*([A-Z][A-Z ]*?)\s*(?: ([0-9]{1,9}))?\s*:(.*)", re.DOTALL)
_WHOLE = re.compile(r"[0-9]{1,18}")
_PLACE = re.compile(r"\s*(?:\{([0-9,\s]*)\}|([0-9]+))\s*(,|$)")
_PROMISES = {"NUMBER VOTERS": "voters", "NUMBER UNIQUE ORDERS": "ballots", "NUMBER UNIQUE PREFERENCES": "ballots"}


@dataclass
class Election:
    """What a file says, in the order of its lines.

    Attributes
    ----------
    orders : each different ballot once: its places, each a list of alternatives counted from 0, and its first line.
    counts, which : of each line of a ballot, how many cast it, and the number of its order.
    """

    names: list[str]
    title: str = ""
    kind: str = ""
    promised: dict[str, tuple[int, int]] = field(default_factory=dict)
    orders: list[tuple[list[list[int]], int]] = field(default_factory=list)
    counts: list[int] = field(default_factory=list)
    which: list[int] = field(default_factory=list)
    known: dict[str, int] = field(default_factory=dict)


def modern(text: str, where: str) -> Election:
    """A file with a header of `# KEY: value`; other comments are skipped."""
    found, names, size, line = Election([]), {}, None, 0
    for line, content in _filled(text):
        if not content.startswith("#"):
            if not found.names:
                found.names = _complete(names, size, where, line)
            many, mark, rest = content.partition(":")
            if not mark:
                raise bad(
                    where, line, f"{content[:40]!r} has no colon.", "A ballot is written `how many: 1,2,3`.",
                    "Correct this line.",
                )  # fmt: skip
            _add(found, many, rest, where, line)
        elif found.counts:
            continue
        elif match := _KEY.fullmatch(content):
            key, number, value = match[1], match[2], match[3].strip()
            if key == "NUMBER ALTERNATIVES":
                size = _whole(value, where, line, "the number of alternatives")
            elif key == "ALTERNATIVE NAME" and number:
                if int(number) in names:
                    raise bad(where, line, f"alternative {number} has two names.", do="Name each once.")
                names[int(number)] = value
            elif key in _PROMISES:
                found.promised[_PROMISES[key]] = (_whole(value, where, line, f"the {key.lower()}"), line)
            elif key == "TITLE":
                found.title = value
            elif key == "DATA TYPE":
                if value not in KINDS:
                    raise bad(
                        where, line, f"the data type is {value[:40]!r}.", f"Elections are {', '.join(KINDS)}.",
                        "Give a file of one of these types.",
                    )  # fmt: skip
                found.kind = value
    if not found.counts:
        raise _short(where, line)
    return found


def older(text: str, where: str) -> Election:
    """A file from before 2022: the number of alternatives, their names, a line of sums, ballots."""
    lines = list(_filled(text))
    if not lines:
        raise _short(where, 1)
    size = _whole(lines[0][1], where, lines[0][0], "the number of alternatives")
    names: dict[int, str] = {}
    for line, content in lines[1 : 1 + size]:
        number, mark, name = content.partition(",")
        place = _whole(number, where, line, "the number of an alternative")
        if not mark or place in names:
            raise bad(
                where, line, f"{content[:40]!r} is no new alternative.", do="Write `number,name`, each number once."
            )
        names[place] = name.strip()
    end = lines[-1][0]
    if len(lines) < size + 3:
        raise _short(where, end)
    found = Election(_complete(names, size, where, end))
    line, content = lines[1 + size]
    sums = [_whole(one, where, line, "a sum") for one in content.split(",")]
    if len(sums) != 3:
        raise bad(
            where, line, f"{len(sums)} sums instead of three.", do="Write `voters,sum of counts,number of ballots`."
        )
    found.promised = {"voters": (sums[1], line), "ballots": (sums[2], line)}
    for line, content in lines[2 + size :]:
        many, _, rest = content.partition(",")
        _add(found, many, rest, where, line)
    return found


def _filled(text: str) -> Iterator[tuple[int, str]]:
    return ((line, content.strip()) for line, content in enumerate(text.split("\n"), 1) if content.strip())


def _add(found: Election, many: str, rest: str, where: str, line: int) -> None:
    if (len(found.counts) + 1) * len(found.names) > CELLS:
        raise TooLarge(
            f"{where}, line {line}: more than {CELLS:,} places.",
            "So large a table is not read from text.",
            "Build Ballots from arrays in Python, or gather equal ballots.",
        )
    found.counts.append(_whole(many, where, line, "how many cast a ballot"))
    if rest not in found.known:  # a file may have a line for each of a million voters, and few different ballots
        found.known[rest] = len(found.orders)
        found.orders.append((_places(rest, len(found.names), where, line), line))
    found.which.append(found.known[rest])


def _places(rest: str, size: int, where: str, line: int) -> list[list[int]]:
    """`1,{2,3},4` as lists of alternatives counted from 0."""
    places, start, named, comma = [], 0, set(), False
    rest = rest.strip()
    while start < len(rest) or comma:
        if start == len(rest) or ("{" in rest[start:] and "}" not in rest[start:]):
            raise bad(
                where, line, f"the ballot {rest[-40:]!r} ends with a comma, or within braces.",
                "The file is cut short, or this line was changed by hand.", "Get the file again, or correct this line.",
            )  # fmt: skip
        match = _PLACE.match(rest, start)
        if match is None:
            raise bad(
                where, line, f"{rest[start : start + 40]!r} is no alternative.",
                "Alternatives are numbers with commas between, ties in braces: 1,{2,3},4.", "Correct this line.",
            )  # fmt: skip
        inner = [one.strip() for one in (match[1] if match[2] is None else match[2]).split(",")]
        place = [] if inner == [""] else [_whole(one, where, line, "an alternative") - 1 for one in inner]
        for one in place:
            if not 0 <= one < size or one in named:
                what = "is named twice" if one in named else f"is none of the {size}"
                raise bad(where, line, f"alternative {one + 1} {what}.", do="Name alternatives by 1, 2, …, each once.")
            named.add(one)
        places.append(place)
        start, comma = match.end(), match[3] == ","
    return places


def _complete(names: dict[int, str], size: int | None, where: str, line: int) -> list[str]:
    size = len(names) if size is None else size
    missing = next((k for k in range(1, len(names) + 1) if k not in names), len(names) + 1)
    if not size or len(names) != size or missing <= size:
        raise bad(
            where, line, f"{size:,} alternatives are promised, and {len(names):,} are named before the ballots.",
            f"They are numbered from 1, and number {missing:,} is missing." if missing <= size else "",
            "Name each of them once.",
        )  # fmt: skip
    return [names[k] for k in range(1, size + 1)]


def _whole(token: str, where: str, line: int, what: str) -> int:
    token = token.strip()
    if not _WHOLE.fullmatch(token):
        raise bad(where, line, f"{what} is {token[:40]!r}.", "It is a whole number of at least 0.", "Correct it.")
    return int(token)


def _short(where: str, line: int) -> InputError:
    return bad(where, line, "the file ends before the ballots.", "It is empty or cut short.", "Get the file again.")
