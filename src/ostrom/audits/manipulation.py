"""Who gains by voting untruthfully: alone, together, by staying away, or under more than one name."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from numpy.random import default_rng

from ..core.claim import Claim
from ..core.errors import InputError
from ..core.forms.ballots import Ballots
from ._manipulated import Attempt, Attempts, how_many
from ._manipulated_asked import Asked
from ._student import wilson
from ._voting import Asker, Rule, Ties, appraiser, replayed
from ._voting_ballots import Form, Parts

Way = tuple[str, tuple[Iterator[Attempt], bool]]

Culture = Callable[[int, Any, Any], Ballots]
"""`culture(voters, alternatives, generator)`: an election drawn at random, as those of `choice.cultures`."""


@dataclass(frozen=True)
class Manipulation:
    """Whether somebody gets a winner it likes better by not voting as it thinks.

    Each voter, and on request groups of them, cast other ballots while the rest stay as they are; voters stay away; and
    one votes more than once. A group gains where each of its members does.

    Parameters
    ----------
    ties : what voters expect of tied winners: "order" (the first in the order of the alternatives wins), an order of
        their names, "optimistic", "pessimistic", or "expected" (the mean; needs utilities).
    up_to, least : the most voters that act together, at least 1, and the fewest.
    equal : only groups of voters with the same ballot who cast the same other one.
    form : the ballots that may be cast: "orders", "truncated", "weak" or "approvals".
    names : the most further ballots that one voter casts under other names; 0 leaves the question out.
    anonymous : whether the rule only counts ballots. It is then asked about equal ballots together, and each time once;
        else about ballots in the order given.
    most : attempts up to which all are tried for a claim; beyond it so many are, obvious ones first, then drawn ones.
        Of many with one ballot all act together, then half of them, a quarter, and so on.

    Raises `InputError` for numbers outside these ranges, and a form that there is not.

    Source: Gibbard (1973); Satterthwaite (1975); Duggan and Schwartz (2000) for ties; Brams and Fishburn (1983) and
    Moulin (1988) for staying away; Conitzer (2008) for names.

    Examples
    --------
    >>> from ostrom.choice import borda
    >>> ballots = Ballots.of({"a > b > c": 2, "b > a > c": 2, "c > a > b": 1})
    >>> [claim.verdict for claim in Manipulation(up_to=2, names=0)(borda, ballots)]
    ['proved', 'refuted', 'proved']
    """

    ties: Ties = "order"
    up_to: int = 1
    equal: bool = False
    form: Form = "orders"
    names: int = 1
    anonymous: bool = True
    most: int = 20_000
    least: int = 1

    def __post_init__(self) -> None:
        how_many(1, self.form)
        if not 1 <= self.least <= self.up_to or self.names < 0 or self.most < 1:
            raise InputError(
                f"Groups of {self.least} up to {self.up_to}, {self.names} names more, {self.most} attempts.",
                "At least one voter acts, with at least as many names as its own, and something is tried.",
                "Give such numbers.",
            )

    def __call__(self, rule: Rule, ballots: Ballots, *, utilities: Any = None, seed: int = 0) -> tuple[Claim, ...]:
        """That nobody gains, a claim for each way: ballots of one voter, of groups by size, staying away, and names.

        Parameters
        ----------
        ballots : the sincere ones. A count is a number of voters.
        utilities : `[B, m]`, what each ballot's voters have of each alternative; without, what counts is its place.

        Raises `InputError` for utilities that are not what the ballots say, and for what is no rule.
        """
        asked = Asked.about(Asker(rule, self.anonymous), ballots, self.ties, utilities)
        return tuple(self._claim(asked, seed, said, *tries) for said, tries in self.ways(asked.parts, seed))

    def replay(self, rule: Rule, witness: Mapping[str, Any]) -> tuple[Any, ...]:
        """What each in `who` of a witness gains, by asking the rule again about the ballots before and after."""
        before, afterwards = replayed(rule, witness)
        cardinal = witness["unit"] == "utility"
        worth = appraiser(witness["ties"], witness["alternatives"], cardinal)
        return tuple(worth(one, afterwards) - worth(one, before) for one in witness["values"])

    def ways(self, parts: Parts, seed: int = 0) -> Iterator[Way]:
        """Each way to be untruthful: that it does not pay, in words; attempts; and whether these are all."""
        tries = Attempts(parts, self.form, self.most, seed)
        if self.least == 1:
            yield "No voter gains by casting another ballot", tries.misreports(1)
        several = max(self.least, 2)
        if self.equal and self.up_to > 1:
            said = f"No {_span(several, self.up_to)} voters with one ballot gain by all casting another"
            yield said, tries.equal_voters(several, self.up_to)
        elif self.up_to > 1:
            for size in range(several, min(self.up_to, sum(tries.counts)) + 1):
                yield f"No {size} voters all gain by casting other ballots", tries.misreports(size)
        who = f"No {_span(self.least, self.up_to)} voters with one ballot gain"
        who = "No voter gains" if self.up_to == 1 else who
        yield f"{who} by staying away", tries.abstentions(self.least, self.up_to)
        if self.names and self.least == 1:
            more = "one ballot more" if self.names == 1 else f"up to {self.names} ballots more"
            yield f"No voter gains by casting {more} under other names", tries.false_names(self.names)

    def _claim(self, asked: Asked, seed: int, said: str, tries: Iterator[Attempt], whole: bool) -> Claim:
        best, tried = asked.best(tries)
        statement = f"{said}, at these ballots."
        method = f"all {tried:,} attempts" if whole else f"{tried:,} attempts, obvious ones and drawn ones"
        numbers: dict[str, Any] = {"attempts": tried} if whole else {"n": tried, "seeds": [seed]}
        if best is not None:
            witness = asked.witness(self.ties, *best)
            return Claim(statement, "refuted", method, 0.0, {**numbers, "gain": witness["gain"]}, witness)
        if whole:
            return Claim(statement, "proved", method, 0.0, numbers)
        numbers |= {"interval": wilson(0, tried), "share": "of such attempts that pay"} if tried else {}
        return Claim(statement, "supported" if tried else "unknown", method, None, numbers)


def _span(least: int, most: int) -> str:
    """ "2", "2 to 5"."""
    return f"{least:,}" if least == most else f"{least:,} to {most:,}"


def manipulation_rate(
    rule: Rule,
    voters: int,
    alternatives: int | Sequence[str],
    culture: Culture,
    *,
    samples: int = 1_000,
    seed: int = 0,
    audit: Manipulation | None = None,
) -> tuple[Claim, ...]:
    """How often it pays to vote untruthfully, in elections drawn from a culture: a claim for each way of the audit.

    Parameters
    ----------
    culture : of `choice.cultures`, or any other `culture(voters, alternatives, generator)`.
    samples : elections drawn, at least 1.
    audit : what may be done and how ties are looked at; by default one voter with any strict order, or none.

    Returns
    -------
    Claims with the `share` of elections in which it pays, its 95 % `interval` (Wilson 1927), and a witness where there
    is one. Where not all attempts were tried at an election, the share is of those at which one that pays was found.

    Raises `InputError` without samples.

    Examples
    --------
    >>> from ostrom.choice import borda, impartial
    >>> claim = manipulation_rate(borda, 3, 3, impartial, samples=200)[0]
    >>> claim.verdict, claim.numbers["share"]
    ('refuted', 0.29)
    """
    if samples < 1:
        raise InputError(f"{samples} samples.", do="Draw at least one election.")
    audit, drawn = audit or Manipulation(names=0), default_rng(seed)
    asker = Asker(rule, audit.anonymous)
    counts: dict[str, int] = {}
    complete: dict[str, bool] = {}
    found: dict[str, Mapping[str, Any]] = {}
    for k in range(samples):
        ballots = culture(voters, alternatives, drawn)
        asked = Asked.about(asker, ballots, audit.ties)
        for said, (tries, whole) in audit.ways(asked.parts, seed + k):
            first = asked.first(tries)
            counts[said] = counts.get(said, 0) + (first is not None)
            complete[said] = complete.get(said, True) and whole
            if first is not None and said not in found:
                found[said] = asked.witness(audit.ties, *first)
    where = f"whatever {voters} voters think of {len(ballots.alternatives)} alternatives"
    return tuple(
        _rate(said, where, many, samples, seed, complete[said], found.get(said)) for said, many in counts.items()
    )


def _rate(
    said: str, where: str, many: int, samples: int, seed: int, whole: bool, witness: Mapping[str, Any] | None
) -> Claim:
    tried = "all attempts" if whole else "some attempts"
    method = f"{tried} at {samples:,} elections drawn"
    numbers = {"share": many / samples, "interval": wilson(many, samples), "n": samples, "seeds": [seed]}
    return Claim(f"{said}, {where}.", "refuted" if many else "supported", method, None, numbers, witness)
