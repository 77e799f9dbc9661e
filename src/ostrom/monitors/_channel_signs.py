"""Signs in one message: small marks of its form, each a value of a small alphabet, in which something could be told.

A sign is a function of the text alone. Whoever wants to tell a secret without saying it picks one of two words, adds a
space, or sends the longer of two sentences; each of these is one sign.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable
from functools import lru_cache
from itertools import pairwise

Sign = tuple[str, str]
"""The carrier of a sign, and what it is there."""

Part = Callable[[str, list[str]], dict[str, Hashable]]
"""What gives some signs of a text, given its words."""

LONGEST = 4096
"""Characters of a message that are looked at."""

INVISIBLE = "".join(map(chr, (0x00AD, 0x034F, 0x180E, *range(0x200B, 0x2010), *range(0x2060, 0x2065), 0xFEFF)))
"""Characters that show nothing: soft hyphens, joiners, marks of direction and spaces of no width."""

_HIDDEN = re.compile(f"[{INVISIBLE}\U000e0000-\U000e007f\ufe00-\ufe0f]")
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_SENTENCE = re.compile(r"[.!?;:\n]+\s*")
_ITEM = re.compile(r",|;|\band\b|\bor\b", re.IGNORECASE)
_AND = re.compile(r"\b(?:and|or)\b", re.IGNORECASE)
_MARK = re.compile(r"[^\w\s]")
_STRANGE = re.compile(r"[^\x00-\x7f]")


def signs(text: str, wanted: frozenset[Sign] | None = None) -> dict[Sign, Hashable]:
    """Every sign of a text: `(carrier, what): value`; at least those that are wanted, if some are named.

    Examples
    --------
    >>> found = signs("Hello there!")
    >>> found["punctuation", "the ending"], found["length", "odd characters"]
    ('!', 0)
    """
    text = text[:LONGEST]
    hidden = _HIDDEN.findall(text)
    shown = _HIDDEN.sub("", text) if hidden else text
    words = _WORD.findall(shown)
    found: dict[Sign, Hashable] = {
        ("hidden characters", "which ones"): "".join(hidden[:8]),
        ("hidden characters", "how many"): len(hidden) % 4,
    }
    for carrier, part in _PARTS if wanted is None else _needed(wanted):
        for what, value in part(shown, words).items():
            found[carrier, what] = value
    return found


@lru_cache(maxsize=256)
def _needed(wanted: frozenset[Sign]) -> list[tuple[str, Part]]:
    """The parts that give some of the signs; all of them give the same signs for any text."""
    return [(carrier, part) for carrier, part in _PARTS if any((carrier, what) in wanted for what in part("", []))]


def _punctuation(text: str, words: list[str]) -> dict[str, Hashable]:
    marks = _MARK.findall(text)
    ending = text[-16:].rstrip()[-3:]
    strange = _STRANGE.findall(text)
    return {
        "the ending": "".join(mark for mark in ending if not mark.isalnum()),
        "commas": min(text.count(","), 4),
        "which marks": "".join(sorted(set(marks)))[:6],
        "an odd number of marks": len(marks) % 2,
        "spaces": (min(text.count("  "), 2), text[-1:].isspace(), "\t" in text or "\xa0" in text),
        "odd characters": "".join(strange[:3]),
    }


def _order(text: str, words: list[str]) -> dict[str, Hashable]:
    sentences = [part for part in _SENTENCE.split(text) if part.strip()][:6]
    items = [part.split()[-1].lower() for part in _ITEM.split(text.rstrip(".!? ")) if part.strip()][:6]
    return {
        "of sentences": _arranged(sentences),
        "of items": _arranged(items),
        "of items, odd": _turns(items) % 2,
        "of the words about ‘and’": _about(text, 1),
        "of two words each about ‘and’": _about(text, 2),
    }


def _words_order(text: str, words: list[str]) -> dict[str, Hashable]:
    return {"of the first two words": words[0].lower() < words[1].lower() if len(words) > 1 else None}


def _words_turned(text: str, words: list[str]) -> dict[str, Hashable]:
    return {"of words, odd": _turns([word.lower() for word in words[:24]]) % 2}


def _arranged(parts: list[str]) -> Hashable:
    """How the first parts stand to each other: their ranks in the alphabet."""
    head = parts[:4]
    return tuple(sorted(range(len(head)), key=head.__getitem__)) if len(head) > 1 else None


def _about(text: str, size: int) -> Hashable:
    """Whether so many words before the last “and” or “or” stand in the alphabet before those after it."""
    parts = _AND.split(text)
    if len(parts) < 2:
        return None
    before, after = (_WORD.findall(part.lower()) for part in parts[-2:])
    return before[-size:] < after[:size]


def _turns(parts: list[str]) -> int:
    """How many pairs stand in the reverse of the order of the alphabet."""
    return sum(one > other for k, one in enumerate(parts) for other in parts[k + 1 :])


def _length(text: str, words: list[str]) -> dict[str, Hashable]:
    return {
        "odd characters": len(text) % 2,
        "characters by four": len(text) % 4,
        "odd words": len(words) % 2,
        "sentences": min(len(_SENTENCE.findall(text)), 5),
        "the first word": len(words[0]) if words else 0,
    }


def _casing(text: str, words: list[str]) -> dict[str, Hashable]:
    capitals = sum(map(str.isupper, text))
    starts = [word[0].isupper() for word in words]
    return {
        "of the first letter": starts[0] if starts else None,
        "an odd number of capitals": capitals % 2,
        "how many capitals": min(capitals, 8),
        "which words": tuple(starts[:8]),
        "a word in capitals": any(len(word) > 1 and word.isupper() for word in words),
    }


def _acrostic(text: str, words: list[str]) -> dict[str, Hashable]:
    sentences = [part.strip()[:1].lower() for part in _SENTENCE.split(text) if part.strip()]
    initials = [word[0].lower() for word in words]
    return {
        "the first initial": initials[0] if initials else "",
        "initials of sentences": "".join(sentences[:4]),
        "the second sentence": sentences[1] if len(sentences) > 1 else "",
        "initials of words": "".join(initials[:4]),
        "initials, added up": sum(map(ord, initials)) % 2,
        "the last letter": words[-1][-1].lower() if words else "",
    }


def _digits(text: str, words: list[str]) -> dict[str, Hashable]:
    numbers = _NUMBER.findall(text)
    if not numbers:
        return dict.fromkeys(
            ("the last", "the last, odd", "the last of the first", "the last ones added up, odd", "how many")
        )  # type: ignore[return-value]
    return {
        "the last": numbers[-1][-1],
        "the last, odd": int(numbers[-1][-1]) % 2,
        "the last of the first": numbers[0][-1],
        "the last ones added up, odd": sum(int(number[-1]) for number in numbers) % 2,
        "how many": min(len(numbers), 6),
    }


def _wording(text: str, words: list[str]) -> dict[str, Hashable]:
    return {
        "the first word": words[0].lower() if words else "",
        "the last word": words[-1].lower() if words else "",
        "without numbers": _NUMBER.sub("#", text)[:200],
    }


_PARTS: tuple[tuple[str, Part], ...] = (
    ("punctuation", _punctuation),
    ("order", _order),
    ("order", _words_order),
    ("order", _words_turned),
    ("length", _length),
    ("casing", _casing),
    ("acrostic", _acrostic),
    ("digits", _digits),
    ("words", _wording),
)


def spoken_words(text: str) -> set[str]:
    """The words and marks that occur in a text, and the pairs of words that follow each other, in lower case."""
    words = [word.lower() for word in _WORD.findall(_HIDDEN.sub("", text[:LONGEST]))]
    return {*words, *map(" ".join, pairwise(words))}


def first_number(text: str) -> float | None:
    """The first number in a text, or None."""
    found = _NUMBER.search(text[:LONGEST])
    return float(found.group().replace(",", "")[:300] if found.group().count(".") < 2 else "nan") if found else None
