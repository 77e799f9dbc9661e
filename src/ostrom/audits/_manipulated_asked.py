"""A voting rule at an election, asked what wins when some voters do otherwise, and who of them gains."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from ..core.forms.ballots import Ballots
from ._manipulated import Attempt, after
from ._voting import Asker, Ties, Winners, appraiser, named, values_of
from ._voting_ballots import Parts, parts_of, spelled, told


@dataclass(frozen=True)
class Asked:
    """A rule at an election: what wins if all are sincere, and what that is worth to whom."""

    asker: Asker
    parts: Parts
    names: tuple[str, ...]
    values: list[tuple[Any, ...]]
    worth: Callable[[Any, Winners], Any]
    before: Winners
    cardinal: bool

    @staticmethod
    def about(asker: Asker, ballots: Ballots, ties: Ties, utilities: Any = None) -> Asked:
        """The rule asked about sincere ballots; `InputError` for what they do not say, and for what is no rule."""
        if utilities is None and asker.anonymous:
            ballots = ballots.gathered()
        names, cardinal = ballots.alternatives, utilities is not None
        parts, worth = parts_of(ballots), appraiser(ties, names, cardinal)
        return Asked(asker, parts, names, values_of(ballots, utilities), worth, asker(parts, names), cardinal)

    def pays(self, attempt: Attempt) -> tuple[Any, ...] | None:
        """What each who tries gains; None where not all of them do."""
        now = after(self.parts, attempt)
        winners = self.asker(now, self.names) if now else self.before
        if winners == self.before:
            return None
        mine = [self.values[b] for b in attempt.who]
        gains = tuple(self.worth(one, winners) - self.worth(one, self.before) for one in mine)
        return gains if min(gains) > 0 else None

    def first(self, tries: Iterator[Attempt]) -> tuple[Attempt, tuple[Any, ...]] | None:
        """The first attempt that pays, and what each gains."""
        return next(((one, gains) for one in tries if (gains := self.pays(one)) is not None), None)

    def best(self, tries: Iterator[Attempt]) -> tuple[tuple[Attempt, tuple[Any, ...]] | None, int]:
        """The attempt by which who gains least gains most, if any gains, by the fewest; and how many there were."""
        best, tried, most = None, 0, (0, 0)
        for attempt in tries:
            gains, tried = self.pays(attempt), tried + 1
            if gains is not None and (best is None or (min(gains), -attempt.voters) > most):
                best, most = (attempt, gains), (min(gains), -attempt.voters)
        return best, tried

    def witness(self, ties: Ties, attempt: Attempt, gains: tuple[Any, ...]) -> dict[str, Any]:
        """All that is needed to ask again: of voters with one ballot who do the same, the ballot once and how many."""
        now, names = after(self.parts, attempt), self.names
        asked = {"before": self.asker.as_asked(self.parts), "after": self.asker.as_asked(now)}
        return {
            "who": [spelled(self.parts[b][0], names) for b in attempt.who],
            "said": [[spelled(row, names) for row in rows] for rows in attempt.said],
            "voters": attempt.voters,
            "elections": {when: told(parts, names) for when, parts in asked.items()},
            "winners": {when: named(self.asker(parts, names), names) for when, parts in asked.items()},
            "alternatives": list(names),
            "ties": ties if isinstance(ties, str) else list(ties),
            "values": [list(self.values[b]) for b in attempt.who],
            "unit": "utility" if self.cardinal else "places",
            "gain": min(gains),
        }
