"""Which choices can be paid for: whether some payments make the truth best, and by how much the best ones fail."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from ..core.claim import Claim
from ..core.errors import InputError, TooLarge
from ..core.forms.direct_mechanism import DirectMechanism
from ..core.forms.type_space import TypeSpace
from ..core.game import Array
from ._mechanism_cycles import least_mean, payments, total
from ._mechanism_tables import Tables, flat, tables_of

Truth = Literal["dominant", "bayesian"]

LINES = 100_000
"""Reports of the others, counted for each agent, beyond which cycles are not looked for."""

STEPS = 10_000_000_000
"""Cubes of numbers of types, over reports of the others, beyond which they are not looked for either."""


@dataclass(frozen=True)
class Implementability:
    """Whether payments make the truth best under a rule.

    Attributes
    ----------
    monotone : no two types would rather have each other's outcome (weak monotonicity).
    cyclic : no circle of types would rather have the next one's outcome (cyclic monotonicity), as is so just where
        payments exist.
    least_gain : the largest gain from a lie that the best payments leave; 0 where they leave none.
    mechanism : the rule with payments that leave no more: the highest by which nobody loses anywhere by the truth.
    """

    monotone: Claim
    cyclic: Claim
    least_gain: float
    mechanism: DirectMechanism

    @property
    def claims(self) -> tuple[Claim, ...]:
        """Both claims."""
        return (self.monotone, self.cyclic)


def implementability(
    space: TypeSpace, chosen: Any, *, truth: Truth = "dominant", tolerance: float = 1e-9
) -> Implementability:
    """Whether a rule can be made truthful by payments, with a negative cycle of types where it cannot.

    A cycle is as long as its types together value their own outcomes above those of the types before them; if it is
    negative, no payments keep all of them truthful. Its mean, with the other sign, is the least gain that lies keep.

    Parameters
    ----------
    chosen : the outcome, or the odds of each, at every combination of types, as for `DirectMechanism`.
    truth : "dominant", whatever the others report; or "bayesian", on average (for an independent prior).
    tolerance : the share of the largest value that counts as nothing.

    Raises `InputError` for rules that do not fit, and a prior that is missing or not independent where it is needed;
    `TooLarge` for more than a hundred thousand reports of others, or over ten thousand million steps.

    Source: Rochet (1987); Bikhchandani et al. (2006) for two types at a time; Karp (1978) for the mean.

    Examples
    --------
    >>> space = TypeSpace([[[0, 1], [0, 3]]], outcomes=("kept", "sold"), types=("low", "high"))
    >>> implementability(space, [0, 1]).mechanism.paid.tolist(), implementability(space, [1, 0]).least_gain
    ([[0.0], [3.0]], 1.0)
    """
    rule = DirectMechanism(space, chosen)
    if not isinstance(truth, str) or truth not in ("dominant", "bayesian"):
        raise InputError(f"Truth that is {truth!r}.", do='Say "dominant" or "bayesian".')
    if truth == "bayesian" and not (space.odds is not None and space.independent):
        raise InputError(f"{space.name} has no independent prior.", do="Give each agent odds of its own as prior=.")
    if sum(np.prod(space.sizes) // size for size in space.sizes) > LINES:
        raise TooLarge(f"Types {space.sizes}.", f"More than {LINES:,} reports of others.", "Give fewer types.")
    if sum(np.prod(space.sizes, dtype=float) * size**2 for size in space.sizes) > STEPS:
        raise TooLarge(f"Types {space.sizes}.", f"Cycles take more than {STEPS:,} steps.", "Give fewer types.")
    tables = tables_of(rule, None, tolerance)
    pairs, cycles, paid = [], [], np.zeros((*space.sizes, space.count))
    for i in range(tables.count):
        lengths, most = _lengths(tables, i, truth)
        own = np.zeros((space.sizes[i], lengths.shape[-1]))
        for line in range(lengths.shape[-1]):
            graph = lengths[..., line]
            gain, cycle = least_mean(graph) if len(graph) > 1 else (-tables.slack, ())
            pair, two = _worst_pair(graph)
            cycles.append((-gain, i, line, cycle))
            pairs.append((-pair, i, line, two))
            own[:, line] = payments(graph + max(-gain, 0), most[:, line]).astype(float)
        rest = [size for j, size in enumerate(space.sizes) if j != i]
        wide = own.reshape(len(own), *rest) if truth == "dominant" else own.reshape(-1, *[1] * len(rest))
        paid[..., i] = np.moveaxis(np.broadcast_to(wide, (len(own), *rest)), 0, i)
    return Implementability(
        _claim(tables, "No two types would rather have each other's outcome.", pairs, truth),
        _claim(tables, "Some payments make the truth best.", cycles, truth),
        max(float(max(gain for gain, *_ in cycles)), 0.0),
        DirectMechanism(space, rule.odds, paid, name=f"{truth} payments"),
    )


def _lengths(tables: Tables, agent: int, truth: Truth) -> tuple[Array, Array]:
    """`[from, to, others]`: by how much a type (to) prefers its own outcome to another's (from); and what its own is
    worth to it, `[T, others]`."""
    kinds = range(len(tables.values[agent]))
    worth = np.stack([flat(tables.got(agent, kind), agent) for kind in kinds])  # [type, report, others]
    if truth == "bayesian":
        odds = next(own for own in (tables.believed(agent, kind) for kind in kinds) if own is not None)
        worth = worth.dot(odds)[..., None]
    own = worth[list(kinds), list(kinds)]
    return own[None] - worth.swapaxes(0, 1), own


def _worst_pair(graph: Array) -> tuple[Any, tuple[int, ...]]:
    """The least mean of a cycle of two types."""
    count = len(graph)
    pairs = ((total(graph, (a, b)) / 2, (a, b)) for a in range(count) for b in range(a + 1, count))
    return min(pairs, key=lambda one: one[0], default=(0, ()))


def _claim(tables: Tables, statement: str, found: list[Any], truth: Truth) -> Claim:
    gain, agent, line, cycle = max(found, key=lambda one: one[0])
    space = tables.mechanism.space
    rest = [j for j in range(space.count) if j != agent]
    witness: dict[str, Any] = {
        "agent": space.agents[agent],
        "cycle": [tables.label(agent, kind) for kind in cycle],
        "mean gain": float(gain),
    }
    if truth == "dominant":
        place = np.unravel_index(line, [space.sizes[j] for j in rest]) if rest else ()
        witness["others"] = {space.agents[j]: tables.label(j, int(k)) for j, k in zip(rest, place, strict=True)}
    method = "every pair of types" if "two" in statement else "the least mean of all cycles of types (Karp)"
    return tables.settled(statement, gain, method, witness)
