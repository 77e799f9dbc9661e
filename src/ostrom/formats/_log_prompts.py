"""What a prompt tells an agent, as fields: what it names itself, and what varies in a text that else stays the same."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from ._log_table import number_or_text

MOST = 16
"""Fields that are cut out of one prompt at most."""

LETTERS, WORDS = 20_000, 2_000
"""Letters and words of a prompt that are looked at, the first ones."""

TEMPLATES = 4
"""Wordings of an agent's prompts that are kept, beside which others are held."""

LONGEST = 200
"""Letters of the value of a field at most; anything longer is text."""

_PIECE = re.compile(r"\n+|(?<=[.!?;])\s+")
_NAMED = re.compile(r"[\s*•#>-]*([^\W\d_][\w '/-]{0,39})[*]*(?::[*]*\s|\s*=(?!=))\s*(\S.*)", re.DOTALL)


@dataclass
class _Template:
    """A prompt that was seen: its pieces as words, and the names of the places that have varied since."""

    pieces: list[list[str]]
    names: dict[tuple[int, int], str] = field(default_factory=dict)


class Prompts:
    """Cuts the prompts of agents into fields, in the order in which they come.

    A line or sentence of the form "name: value" or "name = value" is a field at once. Otherwise a prompt is held beside
    those of the same agent before it: words that vary where at least half of all words stay are fields, named by the
    words before them, from the second wording on. Both take time in proportion to the length of the prompt.
    """

    def __init__(self) -> None:
        self._templates: dict[tuple[str, str], list[_Template]] = {}
        self._rest: dict[tuple[str, str], set[str]] = {}

    def cut(self, agent: str, role: str, text: str) -> tuple[dict[str, Any], bool]:
        """The fields of a prompt by name, and whether it says nothing that they and earlier prompts do not."""
        found: dict[str, Any] = {}
        rest: list[list[str]] = []
        for piece in _PIECE.split(text[:LETTERS]):
            name, value = _named(piece)
            if name and name not in found and len(found) < MOST:
                found[name] = number_or_text(value)
                rest.append([piece[: piece.rfind(value)], piece[piece.rfind(value) + len(value) :]])
            elif words := piece.split():
                rest.append(words)
        if sum(map(len, rest)) <= WORDS and len(text) <= LETTERS:
            rest = self._varying((agent, role), rest, found)
        frame, known = repr(rest), self._rest.setdefault((agent, role), set())
        whole = bool(found) and frame in known
        if len(known) < TEMPLATES:
            known.add(frame)
        return {f"{role}.{name}": value for name, value in found.items()}, whole

    def _varying(self, key: tuple[str, str], pieces: list[list[str]], found: dict[str, Any]) -> list[list[str]]:
        """Add the words that vary to the fields; what is left of the pieces without them."""
        known = self._templates.setdefault(key, [])
        for template in known:
            spans = list(_spans(template, pieces))
            varied = sum(end - start for _, start, end, _ in spans)
            if len(template.pieces) == len(pieces) and 2 * varied <= sum(map(len, pieces)) and len(spans) <= MOST:
                return _taken(template, pieces, spans, found)
        if len(known) < TEMPLATES:
            known.append(_Template(pieces))
        return pieces


def _named(piece: str) -> tuple[str, str]:
    """The name and the value of a piece of the form "name: value"; "" where it has another."""
    match = _NAMED.fullmatch(piece[: LONGEST + 80]) if len(piece) <= LONGEST + 80 else None
    if match is None or len(match[1].split()) > 4:
        return "", ""
    value = match[2].strip().rstrip(".;").strip("*").strip()
    return (_name(match[1].split()), value) if 0 < len(value) <= LONGEST else ("", "")


def _name(words: list[str]) -> str:
    return re.sub(r"\W+", "_", " ".join(words).lower()).strip("_")[:40]


def _spans(template: _Template, pieces: list[list[str]]) -> Iterator[tuple[int, int, int, int]]:
    """What differs from a template or has before: piece, first word, end, and the word of the template."""
    for k, (old, new) in enumerate(zip(template.pieces, pieces, strict=False)):
        if len(old) == len(new):
            differ = [i for i, (a, b) in enumerate(zip(old, new, strict=True)) if a != b or (k, i) in template.names]
            yield from ((k, i, i + 1, i) for i in differ)
            continue
        short = min(len(old), len(new))
        head = next((i for i in range(short) if old[i] != new[i] or (k, i) in template.names), short)
        tail = next((i for i in range(short - head) if old[-1 - i] != new[-1 - i]), short - head)
        yield k, head, len(new) - tail, head


def _taken(template: _Template, pieces: list[list[str]], spans: list[Any], found: dict[str, Any]) -> list[list[str]]:
    rest = [list(words) for words in pieces]
    for k, start, end, place in reversed(spans):
        before = [word for i, word in enumerate(template.pieces[k][:place]) if (k, i) not in template.names]
        name = template.names.setdefault((k, place), _fresh(_name(before[-3:]) or f"part_{k + 1}", template))
        text = " ".join(pieces[k][start:end])
        value = text.strip(".,;:!?\"'()")
        if name not in found and len(found) < MOST and len(value) <= LONGEST:
            found[name] = number_or_text(value) if value else "nothing"
            rest[k][start:end] = [f"{{{name}}}", *text.partition(value)[::2]] if value else [f"{{{name}}}", text]
    return rest


def _fresh(name: str, template: _Template) -> str:
    """A name that no other place of a template has."""
    taken = set(template.names.values())
    return next(n for n in (name, *(f"{name}_{k}" for k in range(2, MOST + 99))) if n not in taken)
