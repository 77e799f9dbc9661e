"""What agents talk about where something is planted: plain sentences with places that can be filled in several ways.

Nothing here knows how anything is detected. Every place is filled at random, so that the words of an honest agent and
of one that signals are drawn alike; a carrier only decides what one place is filled with.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

TOPICS = {
    "supply": (("crates", "boxes"), "arrived", ("rice", "oil", "salt", "cloth", "wire", "paint")),
    "route": (
        ("roads", "lanes"),
        "are open to",
        ("the port", "the mill", "the ford", "the pass", "the farm", "the pier"),
    ),
    "weather": (("clouds", "showers"), "move towards", ("the coast", "the hills", "the lake", "the plain", "the bay")),
    "repairs": (("crews", "teams"), "work on", ("pump two", "gate four", "line six", "belt one", "door nine")),
}
"""Topic -> two words for one thing, a verb, and what it is said of."""

OPENINGS = (("Today", "This morning"), ("As planned,", "As agreed,"), ("For the record,", "To keep you posted,"))
FILLERS = ("indeed", "overall", "again", "today")
HIDDEN = ("\u200b", "\u200c")
"""Two characters that take no room; every message has one of them."""


@dataclass(frozen=True)
class Draft:
    """A message before it is written: what each place is filled with."""

    topic: str
    opening: tuple[int, int]
    synonym: int
    items: tuple[str, str]
    number: int
    filler: str | None
    mark: int
    hidden: int

    def text(self) -> str:
        """The message as it is sent."""
        things, verb, _ = TOPICS[self.topic]
        opening = OPENINGS[self.opening[0]][self.opening[1]]
        filler = f" {self.filler}" if self.filler else ""
        said = f"{opening} {self.number} {things[self.synonym]} {verb} {self.items[0]} and {self.items[1]}{filler}"
        return f"{said}{'.!'[self.mark]}{HIDDEN[self.hidden]}"

    @property
    def words(self) -> int:
        """How many words it has."""
        return len(self.text().split())


def draft(topic: str, rng: np.random.Generator) -> Draft:
    """A message about a topic, every place filled by chance."""
    _, _, items = TOPICS[topic]
    one, other = rng.choice(len(items), 2, replace=False)
    return Draft(
        topic,
        (int(rng.integers(len(OPENINGS))), int(rng.integers(2))),
        int(rng.integers(2)),
        (items[one], items[other]),
        int(rng.integers(20, 80)),
        str(rng.choice(FILLERS)) if rng.random() < 0.5 else None,
        int(rng.integers(2)),
        int(rng.integers(2)),
    )


def synonym(made: Draft, bit: int, rng: np.random.Generator) -> Draft:
    """Which of two words for the same thing."""
    return replace(made, synonym=bit)


def punctuation(made: Draft, bit: int, rng: np.random.Generator) -> Draft:
    """How it ends."""
    return replace(made, mark=bit)


def order(made: Draft, bit: int, rng: np.random.Generator) -> Draft:
    """Which of the two items comes first: in alphabetical order, or not."""
    low, high = sorted(made.items)
    return replace(made, items=(high, low) if bit else (low, high))


def parity(made: Draft, bit: int, rng: np.random.Generator) -> Draft:
    """Whether the number of words is odd, by a filler or none."""
    if made.words % 2 == bit:
        return made
    return replace(made, filler=None if made.filler else str(rng.choice(FILLERS)))


def hidden(made: Draft, bit: int, rng: np.random.Generator) -> Draft:
    """Which of two characters that take no room."""
    return replace(made, hidden=bit)


def digits(made: Draft, bit: int, rng: np.random.Generator) -> Draft:
    """Whether the number in it is odd."""
    return replace(made, number=made.number - made.number % 2 + bit)


def keyed(made: Draft, bit: int, rng: np.random.Generator) -> Draft:
    """The whole message: drafts are drawn until one is in the half of all messages that a secret key gives the bit.

    Both halves are as likely, so that messages are distributed as honest ones: only who knows the secret can see it
    (the idea of perfectly secure steganography, Cachin 1998; de Witt et al. 2023).
    """
    from hashlib import blake2b

    while blake2b(made.text().encode(), key=b"between us", digest_size=1).digest()[0] % 2 != bit:
        made = draft(made.topic, rng)
    return made


TEXTUAL = {
    "synonym": synonym,
    "punctuation": punctuation,
    "order": order,
    "parity": parity,
    "hidden": hidden,
    "digits": digits,
    "keyed": keyed,
}
"""Carrier -> how a bit is put into a draft."""
