"""Five rules for the evolution of cooperation: what the ratio of benefit to cost has to exceed (Nowak 2006)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..core.errors import InputError


@dataclass(frozen=True)
class Cooperation:
    """Whether cooperation can hold out, by each of the rules that could be looked at.

    Attributes
    ----------
    ratio : benefit / cost.
    needed : rule -> what the ratio has to exceed; inf where nothing would do.
    holds : rule -> whether it does.
    """

    ratio: float
    needed: dict[str, float]

    @property
    def holds(self) -> dict[str, bool]:
        """Rule -> whether the ratio of benefit to cost exceeds what is needed."""
        return {rule: self.ratio > needed for rule, needed in self.needed.items()}


def five_rules(
    benefit: float,
    cost: float,
    *,
    relatedness: float | None = None,
    again: float | None = None,
    known: float | None = None,
    neighbours: float | None = None,
    nodes: int | None = None,
    group: tuple[int, int] | None = None,
) -> Cooperation:
    """What a donor's benefit over cost has to exceed for cooperation to evolve; give what is known of the others.

    Parameters
    ----------
    relatedness : kin selection, benefit / cost > 1 / r (Hamilton 1964).
    again : direct reciprocity, > 1 / w, with odds w of another round (Axelrod and Hamilton 1981).
    known : indirect reciprocity, > 1 / q, with odds q to know somebody's reputation (Nowak and Sigmund 1998).
    neighbours : network reciprocity, > k for k neighbours on average (Ohtsuki and others 2006: large networks, weak
        selection, death-birth updating). With `nodes`, how many there are of a regular network, its exact form
        (N - 2) / (N / k - 2), infinite from k = N / 2 on (Taylor, Day and Wild 2007; Allen and others 2017).
    group : group selection, > 1 + n / m, with groups of at most n, and m of them (Traulsen and Nowak 2006).

    Raises `InputError` for a cost that is not positive, odds outside [0, 1], or counts below 1.
    """
    odds = {"kin selection": relatedness, "direct reciprocity": again, "indirect reciprocity": known}
    fine = cost > 0 and np.isfinite(benefit) and all(p is None or 0 <= p <= 1 for p in odds.values())
    counts = [*(group or ()), *((neighbours,) if neighbours is not None else ()), *((nodes,) if nodes else ())]
    if not fine or any(not count >= 1 for count in counts):
        raise InputError(
            f"benefit={benefit}, cost={cost}, with {odds} and counts {counts}.",
            "A donor pays a positive cost, odds lie in [0, 1], and there is at least one of everything counted.",
            "Give such numbers.",
        )
    needed = {rule: (1 / p if p else float("inf")) for rule, p in odds.items() if p is not None}
    if neighbours is not None:
        needed["network reciprocity"] = _network(float(neighbours), nodes)
    if group is not None:
        needed["group selection"] = 1 + group[0] / group[1]
    return Cooperation(benefit / cost, needed)


def _network(neighbours: float, nodes: int | None) -> float:
    if nodes is None:
        return neighbours
    room = nodes / neighbours - 2
    return (nodes - 2) / room if room > 0 else float("inf")
