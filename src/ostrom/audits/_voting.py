"""What audits of voting rules share: asking a rule, what a voter makes of tied winners, and all ballots there are."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any, Literal

import numpy as np

from ..core.errors import InputError, OstromError
from ..core.exact import fraction
from ..core.forms.ballots import Ballots
from ._voting_ballots import Parts, Row, elections, heard

Rule = Callable[[Ballots], Any]
"""From ballots to something with `winners`: the names of all that win, tied ones included, at least one."""

Ties = Literal["order", "optimistic", "pessimistic", "expected"] | Sequence[str]
"""What a voter expects of a tie: that the first wins in the order of the alternatives, or in the order given; the best
for itself; the worst; or each with the same chance (with utilities only)."""

Winners = tuple[int, ...]
Values = Sequence[Any]

KEPT = 300_000
"""Elections of which answers are remembered."""


def ask(rule: Rule, ballots: Ballots) -> Winners:
    """The numbers of the winners, in order; `InputError` for what is no such answer."""
    try:
        answer = rule(ballots)
    except OstromError:
        raise
    except Exception as error:
        cast = ", ".join(f"{ballots.written(k)!r}: {many}" for k, many in enumerate(ballots.counts[:6].tolist()))
        more = ", …" if len(ballots.counts) > 6 else ""
        raise InputError(
            f"The rule failed on {{{cast}{more}}}: {type(error).__name__}: {error!s:.200}".rstrip(".") + ".",
            "It is also asked about ballots that were not cast: in other orders, shorter, more or fewer.",
            "Have it decide every election among these alternatives.",
        ) from error
    names = getattr(answer, "winners", None)
    if names is None or isinstance(names, str) or not set(names) <= set(ballots.alternatives) or not len(names):
        raise InputError(
            f"Of {ballots!r} the rule made {str(answer)[:80]!r}.",
            f"An answer has winners, some of {', '.join(ballots.alternatives)}, at least one.",
            "Give a rule that maps Ballots to something with .winners, a tuple of names.",
        )
    return tuple(sorted({ballots.index(name) for name in names}))


class Asker:
    """A rule that is asked about each election once.

    Parameters
    ----------
    anonymous : whether the rule only counts ballots. It is then asked about equal ballots together, in order; else
        about ballots as they come.
    """

    def __init__(self, rule: Rule, anonymous: bool) -> None:
        self.rule, self.anonymous = rule, anonymous
        self._known: dict[tuple[tuple[str, ...], Parts], Winners] = {}

    def as_asked(self, parts: Iterable[tuple[Row, int]]) -> Parts:
        """Ballots as the rule is asked about them."""
        if not self.anonymous:
            return tuple((row, many) for row, many in parts if many)
        counts: dict[Row, int] = {}
        for row, many in parts:
            counts[row] = counts.get(row, 0) + many
        return tuple(sorted(one for one in counts.items() if one[1]))

    def __call__(self, parts: Iterable[tuple[Row, int]], names: tuple[str, ...]) -> Winners:
        """The winners by number, in order."""
        asked = self.as_asked(parts)
        if (names, asked) not in self._known:
            if len(self._known) >= KEPT:
                self._known.clear()
            self._known[names, asked] = ask(self.rule, elections(asked, names))
        return self._known[names, asked]


def appraiser(ties: Ties, alternatives: Sequence[str], cardinal: bool = False) -> Callable[[Values, Winners], Any]:
    """`worth(values, winners)`: what a set of tied winners is worth to who values the alternatives so, more is better.

    Raises `InputError` for an order that is none, and for "expected" where values are only ranks.
    """
    if ties == "optimistic":
        return lambda values, winners: max(values[k] for k in winners)
    if ties == "pessimistic":
        return lambda values, winners: min(values[k] for k in winners)
    if ties == "expected" and cardinal:
        return lambda values, winners: Fraction(sum(values[k] for k in winners)) / len(winners)
    order = tuple(alternatives) if ties == "order" else tuple(ties)
    if ties == "expected" or (isinstance(ties, str) and ties != "order") or sorted(order) != sorted(alternatives):
        raise InputError(
            f"Ties {ties!r} among {', '.join(alternatives)}.",
            "Means need utilities, and an order has every alternative once.",
            'Say "order", "optimistic", "pessimistic", give an order of all, or utilities with "expected".',
        )
    place = {k: order.index(name) for k, name in enumerate(alternatives)}
    return lambda values, winners: values[min(winners, key=place.__getitem__)]


def values_of(ballots: Ballots, utilities: Any) -> list[tuple[Any, ...]]:
    """What each ballot's voters think of each alternative, more is better: utilities, or minus the place.

    Raises `InputError` for utilities `[B, m]` that the ballots do not say.
    """
    if utilities is None:
        return [tuple(-int(place) for place in row) for row in ballots.places]
    table = np.asarray(utilities, float)
    if table.shape != ballots.ranks.shape or not np.isfinite(table).all():
        raise InputError(
            f"Utilities of shape {table.shape} for {ballots.ranks.shape[0]} ballots.", do="Give utilities[ballot, m]."
        )
    places = ballots.places
    wrong = (places[:, :, None] < places[:, None, :]) & (table[:, :, None] <= table[:, None, :])
    if wrong.any():
        row = int(np.argwhere(wrong)[0][0])
        raise InputError(
            f"Utilities {table[row].tolist()} of who casts {ballots.written(row)!r}.",
            "A sincere ballot puts what is worth more in front.",
            "Take Ballots.from_utilities(utilities), or leave utilities out.",
        )
    return [tuple(fraction(float(value)) for value in row) for row in table]


def named(winners: Winners, alternatives: Sequence[str]) -> tuple[str, ...]:
    """Winners by name."""
    return tuple(alternatives[k] for k in winners)


def replayed(rule: Rule, witness: Mapping[str, Any]) -> Iterator[Winners]:
    """What wins at each election of a witness, asked again."""
    for written in witness["elections"].values():
        yield ask(rule, heard(written, witness["alternatives"]))
