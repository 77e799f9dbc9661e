"""Ostrom's design principles of a charter: which of them hold, shown by asking its rules."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from ..core.claim import Finding
from ..core.errors import InputError, UnknownName
from ..core.game import Game
from ..core.institution import Institution
from ..core.lifts.repeated import Repeated
from ._principle_access import congruence, costs, limits_of_use, user_boundaries
from ._principle_changes import powers
from ._principle_choice import collective_choice, right_to_organise
from ._principle_layers import nested, reaches
from ._principle_monitoring import monitoring
from ._principle_monitors import monitors, watches
from ._principle_probe import Probe
from ._principle_repair import conflict_resolution
from ._principle_runs import offences
from ._principle_sanctions import graduated_sanctions
from ._principle_words import Principle

SOURCE = (
    "Ostrom, Governing the Commons (1990), table 3.1; numbers as in Cox, Arnold and Villamayor-Tomás, A Review of "
    "Design Principles for Community-Based Natural Resource Management (2010)."
)


@dataclass(frozen=True)
class Principles:
    """Which design principles hold of a charter.

    Attributes
    ----------
    game, rules : names.
    principles : one after the other, 1A to 8.
    seed : of the situations that are drawn where there are too many.
    """

    game: str
    rules: str
    principles: tuple[Principle, ...]
    seed: int = 0

    def __getitem__(self, name: str) -> Principle:
        """A principle by its name or its number."""
        for one in self.principles:
            if name in (one.name, one.number):
                return one
        raise UnknownName("design principle", name, [one.name for one in self.principles])

    def __str__(self) -> str:
        width = max(len(one.answer) for one in self.principles)
        rows = [f"{one.answer:{width}}  {one.number:2}  {one.name}: {one.sentence}" for one in self.principles]
        return "\n".join([f"{self.rules or 'No rules'} on {self.game}", *rows])

    @property
    def holding(self) -> tuple[str, ...]:
        """The names of those that hold."""
        return tuple(one.name for one in self.principles if one.answer == "holds")

    @property
    def findings(self) -> tuple[Finding, ...]:
        """One sentence for each principle, with its witness."""
        return tuple(
            Finding(
                "principles",
                f"{one.number}, {one.name}: {one.answer}. {one.sentence}",
                one.who,
                {**one.witness, "answer": one.answer, "sampled": one.sampled},
                SOURCE,
            )
            for one in self.principles
        )

    def to_dict(self) -> dict[str, Any]:
        """All of it as plain data: dicts, lists, strings, numbers, None."""
        return {
            "kind": "principles",
            "game": self.game,
            "rules": self.rules,
            "seed": self.seed,
            "principles": [{**_plain(asdict(one)), "who": list(one.who)} for one in self.principles],
        }


def principles(game: Game | Repeated, *institutions: Institution, seed: int = 0) -> Principles:
    """Which of Ostrom's design principles hold when `game` is played under `institutions`, innermost first.

    No name and no word of a rule is believed: its hooks are asked in the rounds that begin at records that can be
    reached, or in some of them that are drawn, and "holds" and "fails" stand on what was seen. Where only some were
    asked (`sampled`), "fails" may mean that nothing was found, and "holds" stands on its witness alone.

    Parameters
    ----------
    game : a game of single players with moves that can be named, bare or already under institutions; of a repeated game
        the game and its institutions are taken.
    institutions : more of them, round those that the game has.
    seed : of the situations that are drawn. The same seed gives the same answers.

    Raises `InputError` for a game of crowds, and what the institutions raise on a game that they do not fit.

    Examples
    --------
    >>> from ostrom import NormalForm
    >>> from ostrom.institutions import GraduatedSanctions
    >>> dilemma = NormalForm([[[3, 3], [0, 5]], [[5, 0], [1, 1]]], moves=["C", "D"])
    >>> principles(dilemma, GraduatedSanctions())["graduated sanctions"].witness["fines"]
    [0.5, 1.0, 2.0, 2.0, 2.0, 2.0]
    """
    base, rules = _charter(game, institutions)
    probe = Probe(base, rules, seed)
    found, reach = offences(probe), reaches(base, rules, seed)
    watched = watches(probe)
    bound = set().union(*(one.seats for one in reach)) | {watch.whom for watch in watched}
    charged = costs(probe)
    answers = (
        user_boundaries(probe),
        limits_of_use(probe),
        congruence(probe, charged),
        collective_choice(probe, powers(probe), bound),
        monitoring(probe, bound, watched),
        monitors(probe, watched, bound),
        graduated_sanctions(probe, found),
        conflict_resolution(probe, found),
        right_to_organise(base, rules, seed),
        nested(base, rules, reach),
    )
    return Principles(base.name, str(probe.charter), answers, seed)


def _charter(game: Game | Repeated, institutions: tuple[Institution, ...]) -> tuple[Game, tuple[Institution, ...]]:
    """The bare game, and all institutions round it."""
    if not isinstance(game, Game | Repeated):
        raise InputError(
            f"{type(game).__name__} is no game.",
            "The rules are asked about the moves of a game.",
            "Give a game, or one that is repeated.",
        )
    inner = tuple(getattr(game, "institutions", ()))
    base = game.game if isinstance(game, Repeated) else getattr(game, "base", game)
    return base, (*inner, *institutions)


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(name): _plain(entry) for name, entry in value.items()}
    return [_plain(entry) for entry in value] if isinstance(value, list | tuple) else value
