"""What a direct mechanism keeps of what is asked of it: truth, taking part, its budget, and welfare."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import comb
from typing import Any

from ..core._numbers import count
from ..core.claim import Claim
from ..core.errors import InputError, TooLarge
from ..core.forms.direct_mechanism import DirectMechanism
from ._mechanism_lie_claims import lie_claims, mean_lie_claim, replayed
from ._mechanism_tables import tables_of
from ._mechanism_taking_part import balanced, efficient, ex_ante, ex_post, interim, no_deficit, no_mean_deficit

GROUPS = 100_000
"""Groups that lie together, at most."""


@dataclass(frozen=True)
class Incentives:
    """The claims about a mechanism, one for each thing asked; those that need a prior are None without one.

    In each claim `numbers["violation"]` is the most by which it is broken anywhere, in units of value: at most 0 where
    it holds, and then minus the margin.

    Attributes
    ----------
    dominant, bayesian : nobody gains by a lie, whatever the others report; or on average where they tell the truth.
    groups : what groups gain who know each other's types: each member, some and none losing, all together (by name
        "each", "some", "together"); empty where no groups are asked about.
    ex_post, interim, ex_ante : nobody loses by taking part: at any types, on average given its own, on average.
    no_deficit, no_mean_deficit, balanced : nobody has to add money, at any types or on average; nor is any left over.
    efficient : the welfare is the highest there is.
    """

    dominant: Claim
    bayesian: Claim | None
    groups: Mapping[str, Claim]
    ex_post: Claim
    interim: Claim | None
    ex_ante: Claim | None
    no_deficit: Claim
    no_mean_deficit: Claim | None
    balanced: Claim
    efficient: Claim

    @property
    def claims(self) -> tuple[Claim, ...]:
        """All claims, in the order of the attributes."""
        return tuple(claim for _, claim in self)

    @property
    def violations(self) -> dict[str, float]:
        """By name, the most by which each claim is broken."""
        return {name: claim.numbers["violation"] for name, claim in self}

    def __iter__(self) -> Iterator[tuple[str, Claim]]:
        for name in self.__dataclass_fields__:
            found = getattr(self, name)
            if isinstance(found, Mapping):
                yield from found.items()
            elif found is not None:
                yield name, found


def incentives(
    mechanism: DirectMechanism,
    *,
    coalitions: int = 2,
    outside: Any = None,
    tolerance: float = 1e-9,
    samples: int = 100_000,
    seed: int = 0,
) -> Incentives:
    """Everything that is commonly asked of a direct mechanism, each with its degree and a witness that replays.

    Every lie at every combination of reports is looked at, in exact rationals where the table is small. Where there are
    more than two hundred million, `samples` of them are drawn at random, and what is not refuted is "supported".

    Parameters
    ----------
    mechanism : the `DirectMechanism`.
    coalitions : up to how many lie together, at least 1; groups know each other's types.
    outside : what each has who does not take part: a number, or one or `[T_i]` for each agent; 0 by default.
    tolerance : the share of the largest amount (value, payment, outside option) that counts as nothing.
    samples, seed : how many lies are drawn where not all can be looked at, and from which seed.

    Raises `InputError` for numbers out of range, `TooLarge` for more than a hundred thousand groups.

    Source: Myerson (1979, 1981) for the notions; Green and Laffont (1979) for lies in groups.

    Examples
    --------
    >>> from ostrom import TypeSpace
    >>> space = TypeSpace([[[0, 1], [0, 3]]], [[0.5, 0.5]], outcomes=("kept", "sold"))
    >>> found = incentives(DirectMechanism(space, [0, 1], [[0], [2]]))
    >>> found.dominant.verdict, found.efficient.verdict, found.violations["efficient"]
    ('proved', 'refuted', 1.0)
    """
    coalitions, samples = count(coalitions, "size of groups"), count(samples, "number of samples")
    seed, agents = count(seed, "seed", 0), mechanism.space.count
    coalitions = min(coalitions, agents)
    if sum(comb(agents, size) for size in range(1, coalitions + 1)) > GROUPS:
        raise TooLarge(
            f"Groups of up to {coalitions} of {agents} agents.",
            f"More than {GROUPS:,} groups are not gone through.",
            "Ask about smaller groups.",
        )
    tables = tables_of(mechanism, outside, tolerance)
    groups = lie_claims(tables, coalitions, samples, seed)
    known = tables.prior is not None
    return Incentives(
        dominant=groups.pop("alone"),
        bayesian=mean_lie_claim(tables) if known else None,
        groups=groups,
        ex_post=ex_post(tables),
        interim=interim(tables) if known else None,
        ex_ante=ex_ante(tables) if known else None,
        no_deficit=no_deficit(tables),
        no_mean_deficit=no_mean_deficit(tables) if known else None,
        balanced=balanced(tables),
        efficient=efficient(tables),
    )


def replay_lie(mechanism: DirectMechanism, witness: Mapping[str, Any]) -> tuple[Fraction, ...]:
    """What each liar of a witness gains, reckoned anew in fractions: at the others' reports, or on average without.

    Raises `UnknownName` for agents and types that there are not.
    """
    if not isinstance(witness, Mapping) or not {"agents", "types", "reports"} <= set(witness):
        raise InputError(f"The witness is {witness!r:.80}.", do="Give the witness of a refuted claim about lies.")
    return replayed(mechanism, witness)
