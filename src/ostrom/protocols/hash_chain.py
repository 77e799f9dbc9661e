"""A log that only grows: what is in it cannot be changed unseen, and who shows two versions is found out."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Annotated, Any

from ..core.errors import InputError
from ..core.protocol import Holds, Protocol, Step
from ..core.record import Interval
from ._rows import alike, as_bytes, as_list, put

State = tuple[tuple[str, ...], int]
OPEN, SAME, DIFFERENT = range(3)
ORIGIN = "0" * 64
"""The head of an empty log."""


class HashChain(Protocol):
    """A logger shows each entry to each reader; at the end readers compare the heads they were shown.

    The head of a chained log depends on all entries, in order, so that readers who were once shown different entries
    can never again be shown the same head. Without the chain the head is the last entry only, and a logger that shows
    different entries for a while, and then the same, is not found.

    A state is what each reader was shown, and what the comparison found.

    Parameters
    ----------
    entries, readers : how many there are.
    chained : whether heads are chained.
    compared : whether readers compare. If not, nothing is found.
    prize : what the logger gets if readers were shown different logs and do not find out.
    penalty : what it loses if they do.

    Source: Haber and Stornetta (1991); Mazières and Shasha, SUNDR (2002), for forks that cannot be joined again.
    """

    entries: Annotated[int, Interval(ge=1, le=8)] = 2
    readers: Annotated[int, Interval(ge=2, le=4)] = 2
    chained: bool = True
    compared: bool = True
    prize: Annotated[float, Interval(ge=0)] = 1.0
    penalty: Annotated[float, Interval(ge=0)] = 1.0

    @cached_property
    def parties(self) -> tuple[str, ...]:
        """The logger and the readers."""
        return ("logger", *(f"reader {k + 1}" for k in range(self.readers)))

    def start(self) -> State:
        """An empty log."""
        return (("",) * self.readers, OPEN)

    def events(self, state: State) -> list[Step]:
        """Show the next entry to the next reader, as it is or another one; compare at the end."""
        shown, found = state
        k = min(range(self.readers), key=lambda k: len(shown[k]))
        if len(shown[k]) < self.entries:
            name = f"entry {len(shown[k]) + 1} to {k + 1}"
            other = Step("logger", f"show another {name}", (put(shown, k, shown[k] + "b"), OPEN), "equivocate")
            return [Step("logger", f"show {name}", (put(shown, k, shown[k] + "a"), OPEN)), other]
        if found != OPEN or not self.compared:
            return []
        heads = {log if self.chained else log[-1] for log in shown}
        return [Step("reader 1", "compare", (shown, SAME if len(heads) == 1 else DIFFERENT))]

    def ended(self, state: State) -> bool:
        """Whether all is shown and compared."""
        return not self.events(state)

    def sees(self, state: State, party: str) -> Any:
        """The logger all that it showed, a reader what it was shown."""
        return " ".join(state[0]) if party == "logger" else state[0][self.parties.index(party) - 1]

    def pays(self, state: State) -> tuple[float, ...]:
        """A fork that is not found pays the logger, at the readers' cost."""
        forked, found = len(set(state[0])) > 1, state[1] == DIFFERENT
        hidden = forked and not found
        return (self.prize * hidden - self.penalty * found, *([-1.0 * hidden] * self.readers))

    def safety(self) -> Mapping[str, Holds]:
        """What was compared and found the same was the same."""
        return {"no fork stays hidden": self._shown_alike, "nobody is accused for nothing": _just}

    def liveness(self) -> Mapping[str, Holds]:
        """Readers get the whole log, if the logger is honest."""
        return {"everybody has the log": self._whole}

    def _shown_alike(self, state: State, faulty: frozenset[str]) -> bool:
        return len(set(state[0])) == 1 or state[1] == DIFFERENT or not self.ended(state)

    def _whole(self, state: State, faulty: frozenset[str]) -> bool:
        return "logger" in faulty or min(map(len, state[0])) == self.entries


def _just(state: State, faulty: frozenset[str]) -> bool:
    return state[1] != DIFFERENT or len(set(state[0])) > 1


def chained(entries: Sequence[bytes]) -> list[str]:
    """The head after each entry: SHA-256 of the head before and the entry, as hex digits."""
    heads, head = [], ORIGIN
    for entry in as_list(entries, "entries"):
        head = hashlib.sha256(bytes.fromhex(head) + as_bytes(entry, "entry")).hexdigest()
        heads.append(head)
    return heads


def first_tampered(entries: Sequence[bytes], heads: Sequence[str]) -> int | None:
    """The number of the first entry that does not lead to its head, 0 for the first; None where all do.

    Whoever kept only the last head still sees that something was changed: give the heads that came with the log, with
    the last one as it was kept. `InputError` for lists of different lengths.
    """
    entries, heads = as_list(entries, "entries"), as_list(heads, "heads")
    if len(entries) != len(heads):
        raise InputError(f"{len(entries)} entries and {len(heads)} heads.", do="Give a head for each entry.")
    head = ORIGIN
    for k, (entry, given) in enumerate(zip(entries, heads, strict=True)):
        head = hashlib.sha256(bytes.fromhex(head) + as_bytes(entry, "entry")).hexdigest()
        if not alike(given, head):
            return k
    return None


def forked_at(one: Sequence[str], other: Sequence[str]) -> int | None:
    """The first entry at which two logs with these heads part, found in log₂ n comparisons; None where neither does.

    Heads of chained logs that have parted stay apart, so one may be the beginning of the other, and only then is there
    no fork.
    """
    one, other = as_list(one, "heads"), as_list(other, "heads")
    low, high = 0, min(len(one), len(other))
    if one[:high][-1:] == other[:high][-1:]:
        return None
    while low < high:
        middle = (low + high) // 2
        low, high = (middle + 1, high) if one[middle] == other[middle] else (low, middle)
    return low


def tag(key: bytes, message: bytes) -> str:
    """HMAC-SHA256 of a message, as hex digits: nobody without the key can make one.

    Not a signature: who can check a tag can make one too, so that it convinces those who share the key of each other's
    words, and proves nothing to anybody else. A judge, or a reader who was not there, needs signatures with a private
    key, from a library made for them.
    """
    return hmac.new(as_bytes(key, "key"), as_bytes(message, "message"), hashlib.sha256).hexdigest()


def tagged(key: bytes, message: bytes, given: str) -> bool:
    """Whether a tag fits a message."""
    return alike(given, tag(key, message))
