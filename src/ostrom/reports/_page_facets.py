"""What a report says of the impact facets: how much is lost, to what, and through whom."""

from __future__ import annotations

from collections.abc import Iterator

from ..diagnosis._facets_shares import Share
from ..diagnosis.facets import Facets
from ._chart_facets import facet_picture, facet_steps
from ._page import Cell, Picture, Table, table
from ._words import listed, number, tidy

SHARES = 12
"""Rows of the table of who is behind it."""


def facet_blocks(found: Facets) -> Iterator[Picture | Table | None]:
    """The waterfall, and the tables behind it."""
    yield facet_picture(found)
    yield _by_cause(found)
    yield _by_equilibrium(found)
    yield _by_party(found)


def _by_cause(found: Facets) -> Table | None:
    """Every part of the loss, per principal, in sum where that means something, and as a share of what is at stake."""
    summed = found.summed(1.0) is not None
    lost = sum(value for _, value in facet_steps(found))
    rows: list[tuple[Cell, ...]] = [
        (label, value, *((found.summed(value),) if summed else ()), round(found.percent(value), 1))
        for label, value in (*facet_steps(found), ("lost in all", lost))
    ]
    stake = f"At stake is {number(found.stake)}: from the worst outcome, {number(found.worst_outcome)}, "
    return table(
        f"The loss by cause, in {found.welfare} welfare",
        ("cause", "per principal" if summed else "welfare", *(("in sum",) if summed else ()), "of what is at stake, %"),
        rows,
        note=f"{stake}to the best, {number(found.optimum)}.",
        marked=frozenset({len(rows) - 1}),
    )


def _by_equilibrium(found: Facets) -> Table | None:
    """The gap at the worst and the best equilibrium; nothing where it is the same everywhere."""
    if max(found.headline) - min(found.headline) <= 1e-7 * found.stake:
        return None
    kind = "equilibrium" if found.all_equilibria else "equilibrium found"
    names = (f"at the worst {kind}", "as played (logit)", f"at the best {kind}")
    rows = [
        (label, tidy(gap, found.stake), round(found.percent(gap), 1))
        for label, gap in zip(names, found.headline, strict=True)
    ]
    return table("The gap, wherever agents settle", ("", "gap", "of what is at stake, %"), rows)


def _by_party(found: Facets) -> Table | None:
    """Which agents, and which pairs, each part is due to."""
    shares = [share for share in (*found.by_agent, *found.by_pair) if tidy(share.value, found.stake)]
    ranked = sorted(shares, key=lambda share: -abs(share.value))
    more = f" The first {SHARES} of {len(ranked)}." if len(ranked) > SHARES else ""
    return table(
        "Through whom, the largest parts first",
        ("who", "part", "per principal", "95 % interval, ±"),
        [(listed(share.who), share.facet, share.value, _margin(share)) for share in ranked[:SHARES]],
        note=f"Averaged over the orders of repair; a pair's part at perfect play.{more}",
    )


def _margin(share: Share) -> float | None:
    return share.margin if share.orders else None
