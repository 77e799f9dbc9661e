"""A game played one move after another: where it goes when it is thought through from the end, and what is bluff."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction

from ..core.claim import Finding
from ..core.errors import InputError, TooLarge
from ..core.forms.extensive import ExtensiveForm
from ..solvers.backward_induction import SubgamePerfect, Threat, backward_induction, empty_threats
from ..solvers.pure_equilibria import pure_equilibria
from ..solvers.sequence_form import TreeValue, sequence_form
from ._tables import listed

PROFILES = 20_000
"""Joint strategies up to which equilibria are looked through for empty threats."""

SAID = 3

SOURCE = "Selten (1965, 1978): subgame perfection"
VALUED = "Koller, Megiddo and von Stengel (1996)"


@dataclass(frozen=True, eq=False)
class Tree:
    """What a tree says beyond its strategic form. A part that does not apply is None.

    Attributes
    ----------
    players : names.
    perfect : its pure subgame-perfect equilibria, where everybody knows the past.
    threats : what other pure equilibria count on and would not be done; empty where none was found or looked for.
    value : the value of a tree of two players with opposed interests.
    played : what players get where whole strategies are chosen beforehand, as the rest of a diagnosis has it.
    """

    players: tuple[str, ...]
    perfect: SubgamePerfect | None
    threats: tuple[Threat, ...]
    value: TreeValue | None = field(repr=False)
    played: tuple[float, ...] | None = None

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Where it goes, what is no more than a threat, and what it is worth."""
        return (*self._perfect(), *self._threats(), *self._value())

    def _perfect(self) -> tuple[Finding, ...]:
        if self.perfect is None or not self.perfect.points:
            return ()
        plays = list(dict.fromkeys(self.perfect.plays))
        paid = [tuple(float(x) for x in value) for value in self.perfect.values]
        said = f"Thought through from the end, it goes {_path(plays[0])}"
        if len(plays) > 1:
            other = _others(len(plays) - 1, self.perfect.status == "complete")
            said += f", or {other} (players who do not care decide)"
        said += (
            f"; then {listed(tuple(f'{p} gets {_range(own)}' for p, *own in zip(self.players, *paid, strict=True)))}."
        )
        if self.played is not None and not any(_near(self.played, own) for own in paid):
            got = zip(self.players, self.played, strict=True)
            said += " Where whole plans are chosen beforehand, as the rest of this supposes, threats that nobody would "
            said += f"carry out can count: then {listed(tuple(f'{player} gets {x:.4g}' for player, x in got))}."
        numbers = {"plays": [list(play) for play in plays[:20]], "payoffs": [list(value) for value in paid[:20]]}
        return (Finding("tree", said, self.players, numbers, SOURCE),)

    def _threats(self) -> tuple[Finding, ...]:
        found = []
        for threat in self.threats[:SAID]:
            said = f"The equilibrium ({', '.join(threat.equilibrium)}) rests on an empty threat: if it came to it, "
            said += f"{threat.player} would not play {threat.move}, which would cost it {threat.loss:.4g}, "
            said += f"but {threat.instead}."
            numbers = {"place": threat.place, "loss": threat.loss, "instead": threat.instead}
            found.append(Finding("tree", said, (threat.player,), numbers, SOURCE))
        return tuple(found)

    def _value(self) -> tuple[Finding, ...]:
        if self.value is None or not self.value.points:
            return ()
        exact = self.value.exact
        worth = (
            f"{exact} (exactly)"
            if isinstance(exact, Fraction) and exact.denominator < 10_000
            else f"{self.value.value:.6g}"
        )
        said = (
            f"Interests are opposed: with both playing as well as possible {self.players[0]} gets {worth} on average."
        )
        numbers = {"value": self.value.value, "regret": self.value.regret}
        if self.value.low is not None and self.value.high is not None:
            numbers |= {"low": float(self.value.low), "high": float(self.value.high)}
        return (Finding("tree", said, self.players, numbers, VALUED),)


def tree(game: ExtensiveForm) -> Tree:
    """Where a tree goes when it is thought through from the end, which threats are empty, and what it is worth.

    Subgame perfection is asked of trees in which everybody knows the past, threats where the joint strategies can be
    looked through, the value of two players with opposed interests. Raises `InputError` for what is no tree.
    """
    if not isinstance(game, ExtensiveForm):
        raise InputError(f"A {type(game).__name__} is no tree.", do="Ask diagnose(game) of a table.")
    perfect, threats = None, ()
    if game.perfect_information:
        perfect = backward_induction(game)
        if game.size <= PROFILES:
            try:
                threats = empty_threats(game, pure_equilibria(game).profiles)
            except TooLarge:  # one player with very many strategies
                threats = ()
    try:
        value = sequence_form(game) if not game.perfect_information else None
    except InputError:  # not opposed, more than two, or forgetful
        value = None
    return Tree(game.players, perfect, threats, value)


def _near(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    scale = max(1.0, *map(abs, one), *map(abs, other))
    return all(abs(x - y) <= 0.01 * scale for x, y in zip(one, other, strict=True))


def _range(paid: list[float]) -> str:
    """What somebody gets in all ways, or from least to most."""
    low, high = f"{min(paid):.4g}", f"{max(paid):.4g}"
    return low if low == high else f"{low} to {high}"


def _others(count: int, all_: bool) -> str:
    """The other ways to play; where the search was cut short, those that were found are some of perhaps more."""
    if count == 1:
        return "another way" if all_ else "another way, perhaps one of several"
    return f"one of {count} other ways" if all_ else f"one of {count} other ways that were found, perhaps of more"


def _path(play: tuple[str, ...]) -> str:
    return ", then ".join(play[:6]) + (", …" if len(play) > 6 else "") if play else "as chance has it"
