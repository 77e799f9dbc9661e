"""Do reporters who are paid by what others report do best by the truth, alone and together?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, product
from typing import Any

import numpy as np

from ..choice.peer_prediction import PeerPayments
from ..core.claim import Claim
from ..core.errors import InputError
from ..core.game import Array
from ._reports import best_lie, digits, gaps, honest_reports, replayed, span, stable

SLACK = 1e-9
"""The share of the range of payments that a gain has to exceed to count."""

PROFILES = 4_096
"""Profiles of uninformed reports that are gone through; beyond it, those in which all report the same."""

METHOD = "expected payments of all reports, in float64"


@dataclass(frozen=True)
class TruthTelling:
    """Whether the truth is best for reporters under a `PeerPayments` rule.

    Asked are: whether any other report is worth as much to somebody, whatever it has seen in all tasks, while all
    others tell the truth; whether reports that ignore what was seen are an equilibrium that pays more; whether that
    changes where all report by the number of the task, which stands for anything that all see besides; and whether
    groups gain who tell each other what they see and report what they like.

    Parameters
    ----------
    gap : what the truth has to be worth more than any other report, in units of payment; 0 is that no lie gains.
    up_to : members of the largest group that colludes; 1 is none.

    Raises `InputError` for a gap below 0 or not finite, and groups smaller than 1.

    Source: Miller, Resnick and Zeckhauser (2005); Jurca and Faltings (2009); Gao, Wright and Leyton-Brown (2019).

    Examples
    --------
    >>> from ostrom.choice.peer_prediction import Signals, miller_resnick_zeckhauser, output_agreement
    >>> film = Signals([0.5, 0.5], [[0.85, 0.15], [0.45, 0.55]], signals=("h", "l"))
    >>> [claim.verdict for claim in TruthTelling(up_to=1)(miller_resnick_zeckhauser(film))]
    ['proved', 'refuted']
    >>> TruthTelling()(output_agreement(film))[0].witness["signals"]
    [['l']]
    """

    gap: float = 0.0
    up_to: int = 2

    def __post_init__(self) -> None:
        if not 0 <= self.gap < np.inf or self.up_to < 1:
            raise InputError(
                f"A gap of {self.gap}, groups of up to {self.up_to}.",
                do="Give a gap of at least 0, groups of 1 or more.",
            )

    def __call__(self, rule: PeerPayments) -> tuple[Claim, ...]:
        """The claims; `TooLarge` where reports are too many to be gone through."""
        sizes = range(2, min(self.up_to, rule.reporters) + 1)
        by_task = [_by_task(rule)] if rule.tasks > 1 else []
        return (self._alone(rule), _uninformed(rule), *by_task, *(_together(rule, size) for size in sizes))

    def replay(self, rule: PeerPayments, witness: Mapping[str, Any]) -> float:
        """What the reporters of a witness gain in it, computed again from all that the others can have seen.

        The gain is against the truth; of an uninformed equilibrium, what all are paid more than by the truth.
        """
        if "all report" in witness:
            said = np.array([[rule.options.index(one) for one in row] for row in witness["all report"]])
            return float(rule.pay(said).sum() - rule.honest.sum())
        here = list(witness["reporters"])
        signals = [[rule.signals.signals.index(one) for one in row] for row in witness["signals"]]
        said = [[rule.options.index(one) for one in row] for row in witness["reports"]]
        return replayed(rule, here, np.array(signals), np.array(said))

    def _alone(self, rule: PeerPayments) -> Claim:
        found = [(i, *best_lie(rule, [i])) for i in range(rule.reporters)]
        who, gap, seen, lie = min(found, key=lambda one: one[1])
        numbers: dict[str, Any] = {"least gap": gap, "honest payment": float(rule.honest.mean())}
        if rule.tasks == 1:
            numbers["gaps"] = gaps(rule, who)
        asked = f"at least {self.gap:g} more than" if self.gap else "no less than"
        said = f"The truth is worth {asked} any other report to everybody, whatever it has seen, while others tell it."
        slack = SLACK * span(rule)
        if gap >= self.gap - slack:
            return Claim(said, "proved", METHOD, slack, numbers)
        witness = {
            "reporters": [who],
            "signals": _told(rule.signals.signals, seen),
            "reports": _told(rule.options, lie),
        }
        return Claim(said, "refuted", METHOD, slack, numbers, {**witness, "gain": -gap})


def _uninformed(rule: PeerPayments) -> Claim:
    """Everybody always reports the same, whatever it sees and in every task."""
    said = "No equilibrium in which nobody minds what it has seen pays more than the truth."
    count, size = rule.reporters, len(rule.options)
    alike = size**count > PROFILES
    profiles = ([k] * count for k in range(size)) if alike else product(range(size), repeat=count)
    tables = (np.tile(np.array(one), (rule.tasks, 1)) for one in profiles)
    return _ranked(rule, said, tables, "all the same report" if alike else "any constant reports")


def _by_task(rule: PeerPayments) -> Claim:
    said = "No equilibrium in which all report by the number of the task alone pays more than the truth."
    rows = product(range(len(rule.options)), repeat=rule.tasks)
    tables = (np.tile(np.array(one)[:, None], (1, rule.reporters)) for one in rows)
    return _ranked(rule, said, tables, "one report a task, for all")


def _ranked(rule: PeerPayments, said: str, tables: Iterator[Array], among: str) -> Claim:
    """The equilibria among fixed reports `[T, n]`, the best paid first, against the truth."""
    slack, honest = SLACK * span(rule), float(rule.honest.sum())
    found = [(float(rule.pay(table).sum()), table) for table in tables if stable(rule, table, slack)]
    found.sort(key=lambda one: -one[0])
    numbers = {
        "honest payment": honest / rule.reporters,
        "equilibria": [
            {"reports": _told(rule.options, table), "payment": paid / rule.reporters} for paid, table in found[:8]
        ],
        "equilibria in all": len(found),
        "among": among,
    }
    if found and found[0][0] > honest + slack:
        witness = {"all report": _told(rule.options, found[0][1]), "gain": found[0][0] - honest}
        return Claim(said, "refuted", METHOD, slack, numbers, witness)
    return Claim(said, "proved", METHOD, slack, numbers)


def _together(rule: PeerPayments, size: int) -> Claim:
    """A group that shares all that it sees, and what it is paid."""
    said = (
        f"No {size} reporters gain together by agreeing on reports after they have seen, while others tell the truth."
    )
    slack, best = SLACK * span(rule), None
    for group in combinations(range(rule.reporters), size):
        odds, worth = rule.worth(group)
        more = worth.max(1) - worth[np.arange(len(worth)), honest_reports(rule, size)]
        gain = float(odds @ more)
        if best is None or gain > best[1] + slack:
            best = group, gain, odds, worth, more
    assert best is not None
    group, gain, odds, worth, more = best
    numbers = {"expected gain": gain, "honest payment": float(rule.honest[list(group)].sum())}
    if gain <= slack:
        return Claim(said, "proved", METHOD, slack, numbers)
    seen = int((odds * more).argmax())
    shape = (rule.tasks, size)
    witness = {
        "reporters": list(group),
        "signals": _told(rule.signals.signals, digits(seen, len(rule.truth), shape)),
        "reports": _told(rule.options, digits(int(worth[seen].argmax()), len(rule.options), shape)),
        "gain": float(more[seen]),
        "odds": float(odds[seen]),
    }
    return Claim(said, "refuted", METHOD, slack, numbers, witness)


def _told(names: Sequence[str], table: Array) -> list[list[str]]:
    return [[names[int(k)] for k in row] for row in table]
