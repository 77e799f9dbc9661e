"""How far a voting rule keeps what is asked of it: the share of elections at which each axiom fails, and the first."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..core.claim import Claim
from ..core.errors import InputError, UnknownName
from ..core.forms.ballots import Ballots
from ._voting import Asker, Rule, Ties, appraiser, ask
from ._voting_axioms import AXIOMS
from ._voting_ballots import heard, parts_of, strict_only
from ._voting_profile import Profile
from ._voting_tally import Tally, drawn_elections, every_election, spoken


@dataclass(frozen=True)
class PropertyMatrix:
    """What each rule keeps of each axiom.

    Attributes
    ----------
    claims : by rule, by axiom.
    """

    claims: Mapping[str, Mapping[str, Claim]]

    def fails(self, rule: str, axiom: str) -> bool:
        """Whether an election was found at which the axiom fails."""
        return self.claims[rule][axiom].verdict == "refuted"

    def share(self, rule: str, axiom: str) -> float:
        """The share of elections at which it fails."""
        return self.claims[rule][axiom].numbers["share"]

    def markdown(self) -> str:
        """The table, an axiom a row: "yes" where it held at all elections, "held" where these were only some of them,
        else the share at which it fails."""
        rules = list(self.claims)
        rows = [f"| {' | '.join(['axiom', *rules])} |", f"|{'---|' * (len(rules) + 1)}"]
        for axiom in next(iter(self.claims.values()), {}):
            rows.append(f"| {' | '.join([axiom, *(_cell(self.claims[rule][axiom]) for rule in rules)])} |")
        return "\n".join(rows)


def voting_axioms(
    rule: Rule,
    axioms: Sequence[str] | None = None,
    *,
    voters: int | Sequence[int] = (1, 2, 3, 4),
    alternatives: int | Sequence[str] = 3,
    ties: Ties = "order",
    culture: Callable[[int, Any, Any], Ballots] | None = None,
    samples: int = 1_000,
    seed: int = 0,
    anonymous: bool = True,
    most: int = 2_000,
) -> tuple[Claim, ...]:
    """How often each axiom fails, over all elections of these sizes with strict orders, or over drawn ones.

    Parameters
    ----------
    rule : from `Ballots` to something with `winners`, all tied ones.
    axioms : names from `axioms_of_voting()`; all by default.
    voters : how many; one number, or several that are each looked at.
    ties : what voters expect of tied winners, for participation and strategy-proofness: "order" (the first in the
        order of the alternatives wins), an order of names, "optimistic" or "pessimistic".
    culture : of `choice.cultures` or any `culture(voters, alternatives, generator)`: so many `samples` are drawn from
        it for each number of voters. Without one, all elections are gone through.
    anonymous : whether the rule only counts ballots. Elections that differ in who casts what are then one (but
        anonymity itself is looked at all the same); else all m! ** n are gone through.
    most : other elections that are looked at for one axiom at one election, at most; where there are more the axiom is
        "supported", not "proved".

    Returns
    -------
    A claim for each axiom. `share` is of the elections looked at; where all were, each count of ballots is one, and
    `impartial share` is with each voter's order as likely as any other (the mean over numbers of voters). Of drawn ones
    there is a 95 % `interval` (Wilson 1927). The witness replays with `replay_axiom`.

    Raises
    ------
    UnknownName : an axiom there is not. InputError : sizes below 1, ballots that are no strict orders, no rule.
    TooLarge : more than 50,000 elections to go through.

    Examples
    --------
    >>> from ostrom.choice import plurality
    >>> claim = voting_axioms(plurality, ["Condorcet winner"], voters=3)[0]
    >>> claim.verdict, claim.numbers["failing"], claim.numbers["elections"]
    ('refuted', 6, 56)
    """
    chosen = _chosen(axioms)
    sizes = (voters,) if isinstance(voters, int) else tuple(voters)
    names = alternatives if isinstance(alternatives, int) else len(alternatives)
    if not sizes or min(sizes) < 1 or names < 1 or samples < 1 or most < 1:
        raise InputError(
            f"Elections of {sizes} voters about {names} alternatives, {samples} samples, {most} others.",
            do="Give numbers of at least 1.",
        )
    blank = Ballots([list(range(names))], alternatives=None if isinstance(alternatives, int) else alternatives)
    asker, raw, worth = Asker(rule, anonymous), Asker(rule, False), appraiser(ties, blank.alternatives)
    every = culture is None
    looked = (
        every_election(sizes, names, anonymous)
        if culture is None
        else drawn_elections(sizes, blank, culture, samples, seed)
    )
    tallies = [Tally(axiom) for axiom in chosen]
    for parts, weight in looked:
        profile = Profile(asker, raw, parts, blank.alternatives, worth, most, seed)
        for tally in tallies:
            tally.look(profile, weight / len(sizes))
    who = spoken(sizes) + f" about {names} alternative{'s' * (names > 1)}"
    return tuple(tally.claim(who, every, seed) for tally in tallies)


def property_matrix(rules: Mapping[str, Rule], axioms: Sequence[str] | None = None, **how: Any) -> PropertyMatrix:
    """What each of several rules keeps; parameters and errors as for `voting_axioms`.

    Examples
    --------
    >>> from ostrom.choice import borda, plurality
    >>> print(property_matrix({"plurality": plurality, "borda": borda}, ["majority", "reinforcement"]).markdown())
    | axiom | plurality | borda |
    |---|---|---|
    | majority | yes | 2.9 % |
    | reinforcement | yes | yes |
    """
    found = {name: voting_axioms(rule, axioms, **how) for name, rule in rules.items()}
    return PropertyMatrix({name: dict(zip(_chosen(axioms), claims, strict=True)) for name, claims in found.items()})


def axiom_failure(
    rule: Rule, axiom: str, ballots: Ballots, *, ties: Ties = "order", anonymous: bool = True, most: int = 20_000
) -> dict[str, Any] | None:
    """What shows that an axiom fails at one election of strict orders; None where nothing was found that does.

    Parameters and errors as for `voting_axioms`.
    """
    (name,) = _chosen([axiom])
    parts = parts_of(ballots.gathered() if anonymous else ballots)
    strict_only(parts)
    worth = appraiser(ties, ballots.alternatives)
    profile = Profile(Asker(rule, anonymous), Asker(rule, False), parts, ballots.alternatives, worth, most, 0)
    failure = AXIOMS[name](profile).failure
    return None if failure is None else profile.witness(name, failure)


def replay_axiom(rule: Rule, witness: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    """Who wins at each election of a witness, by asking the rule again."""
    found = {}
    for key, written in witness["elections"].items():
        names = witness["alternatives"][key]
        found[key] = tuple(names[k] for k in ask(rule, heard(written, names)))
    return found


def axioms_of_voting() -> dict[str, str]:
    """The names of all axioms, and what each asks."""
    return {name: " ".join((axiom.__doc__ or "").split()) for name, axiom in AXIOMS.items()}


def _chosen(axioms: Sequence[str] | None) -> tuple[str, ...]:
    asked = tuple(AXIOMS) if axioms is None else (axioms,) if isinstance(axioms, str) else tuple(axioms)
    for name in asked:
        if name not in AXIOMS:
            raise UnknownName("axiom of voting", str(name), AXIOMS)
    return asked


def _cell(claim: Claim) -> str:
    if claim.verdict == "refuted":
        return f"{100 * claim.numbers['share']:.1f} %"
    return "yes" if claim.verdict == "proved" else "held"
