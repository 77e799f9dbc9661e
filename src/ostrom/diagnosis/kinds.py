"""What kind of institution a rule is, by what it changes; and whether that is what it says of itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np

from ..core.claim import Finding
from ..core.game import Game
from ..core.institution import Institution
from ._principle_changes import powers
from ._principle_probe import Probe
from ._principle_seen import TOLERANCE, Records, Seen, key

SOURCE = "Kollock, Social Dilemmas: The Anatomy of Cooperation (1998)"

ORDER = ("motivational", "strategic", "structural")

DOES = {
    "wants": ("motivational", "it changes what players want, and not what they are paid"),
    "payments": ("strategic", "it moves money"),
    "knowledge": ("strategic", "it tells players something that they can answer"),
    "talk": ("strategic", "it lets players say or do something that binds and costs nobody else"),
    "moves": ("structural", "it adds moves to the game, or replaces them"),
    "permits": ("structural", "it closes moves of the game"),
    "deeds": ("structural", "it acts in the place of players"),
    "rules": ("structural", "it lets players decide what others may do, or what their moves cost"),
}
"""What a rule may change -> Kollock's kind, and the words."""

IDLE, FOLLOWED = 3, 16
"""Rounds in which nobody chooses anything that a rule adds, and how many of them are followed."""


@dataclass(frozen=True)
class Kinds:
    """What a rule changes, and what it declares.

    Attributes
    ----------
    rule, game : names.
    changes : which of `DOES` were seen.
    kinds : Kollock's kinds that follow; a rule may be of several, and of none where it changes nothing on this game.
    unasked : whether it closes moves, acts or moves money although nobody has chosen anything that it adds.
    declared : `kind`, `formal`, `central`, `emergent` and `enforced_by` as the rule says them.
    mismatches : what was declared and cannot be, in words.
    sampled : whether only some of the situations were asked.
    """

    rule: str
    game: str
    changes: tuple[str, ...]
    kinds: tuple[str, ...]
    unasked: bool
    declared: Mapping[str, Any] = field(default_factory=dict)
    mismatches: tuple[str, ...] = ()
    sampled: bool = False

    def __str__(self) -> str:
        return "\n".join(finding.sentence for finding in self.findings)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What kind it is and why, and what it says wrongly of itself."""
        why = "; ".join(DOES[change][1] for change in self.changes)
        said = (
            f"{self.rule} is {' and '.join(self.kinds)}: {why}." if self.kinds else f"{self.rule} changes nothing here."
        )
        numbers = {"kinds": list(self.kinds), "changes": list(self.changes), "unasked": self.unasked}
        wrong = [Finding("kinds", sentence, (), {}, SOURCE) for sentence in self.mismatches]
        return (Finding("kinds", said, (), {**numbers, "sampled": self.sampled}, SOURCE), *wrong)

    def to_dict(self) -> dict[str, Any]:
        """All of it as plain data: dicts, lists, strings, numbers, None."""
        lists = {name: list(getattr(self, name)) for name in ("changes", "kinds", "mismatches")}
        return {**asdict(self), **lists, "declared": dict(self.declared), "kind": "kinds"}


def kinds(institution: Institution, game: Game, seed: int = 0) -> Kinds:
    """Kollock's kinds of `institution`, by what it changes when it is laid round `game`.

    Motivational is what changes wants and no payments; strategic what moves money, tells something, or lets players
    answer each other; structural what adds, closes or carries out moves, or lets players decide on rules. That what a
    motivational rule settles is no money is believed, because carriers do so; the rest is seen.

    Parameters
    ----------
    game : with the moves and facts that the rule names; a rule that does nothing on this game is of no kind.
    seed : of the situations that are drawn where there are too many.

    Raises `InputError` for a game of crowds, and what the institution raises on a game that it does not fit.

    Examples
    --------
    >>> from ostrom import NormalForm
    >>> from ostrom.institutions import Quota
    >>> kinds(Quota(on="D", limit=0), NormalForm([[[3, 3], [0, 5]], [[5, 0], [1, 1]]], moves=["C", "D"])).kinds
    ('structural',)
    """
    probe = Probe(game, [institution], seed)
    seen = dict.fromkeys(_changes(probe))
    changes = tuple(change for change in DOES if change in seen)
    found = tuple(kind for kind in ORDER if kind in {DOES[change][0] for change in changes})
    unasked = _unasked(probe)
    names = ("kind", "formal", "central", "emergent", "enforced_by")
    declared = {name: getattr(institution, name) for name in names}
    wrong = tuple(_mismatches(type(institution).__name__, declared, found, unasked))
    return Kinds(type(institution).__name__, game.name, changes, found, unasked, declared, wrong, probe.sampled)


def _changes(probe: Probe) -> Iterator[str]:
    """What the rule changes, some of it several times over."""
    base = probe.charter.grounds[0].parts["act"]
    if probe.act is None or probe.act.labels != base.labels:
        yield "moves"
    for records in probe.records:
        seen = probe.rounds(records)
        yield from _in(probe, seen)
        if _tells(probe, records, seen):
            yield "knowledge"
    held = powers(probe)
    if held:
        yield "rules"
    elif probe.added and not any((np.abs(probe.rounds(one).paid) > TOLERANCE).any() for one in probe.records):
        yield "talk"


def _in(probe: Probe, seen: Seen) -> Iterator[str]:
    """What it does in these rounds, where they are permitted."""
    legal = seen.legal & (seen.weight > 0)
    if (np.abs(seen.paid) > TOLERANCE)[legal].any():
        yield "payments"
    if (np.abs(seen.wished - seen.paid) > TOLERANCE)[legal].any():
        yield "wants"
    if _closed(probe, seen).any():
        yield "permits"
    if _carried(probe, seen)[legal].any():
        yield "deeds"


def _closed(probe: Probe, seen: Seen) -> np.ndarray:
    """`bool[N, P]`: whose moves are closed in part."""
    if probe.act is None:
        return np.zeros((len(seen.weight), probe.players), bool)
    own = [(~seen.masks["act"][:, i, : len(probe.labels(probe.act, i))]).any(-1) for i in range(probe.players)]
    return np.stack(own, -1)


def _carried(probe: Probe, seen: Seen) -> np.ndarray:
    """`bool[N, P]`: in whose place something else is done than was chosen."""
    here = seen.levels[-1].get("act")
    return np.zeros((len(seen.weight), probe.players), bool) if here is None else here != seen.deeds


def _tells(probe: Probe, records: Records, seen: Seen) -> bool:
    """Whether anybody is told something besides what was done, or not shown that."""
    for stage in range(len(probe.ground.stages)):
        view = probe.view(records, seen, stage)
        if view.hidden or any(name not in probe.ground.parts for name in (*view.public, *view.seat)):
            return True
    return False


def _unasked(probe: Probe) -> bool:
    """Whether the rule does something in rounds in which all choose the first label of what it adds."""
    found, known = [(probe.founded, 0)], {key(probe.founded)}
    for records, age in found:  # grows while it is walked
        seen = probe.rounds(records)
        idle = seen.legal & (seen.weight > 0) & _plain(probe, seen)
        for part in probe.added:
            first = part.low if part.continuous else 0
            idle &= ((seen.moves[part.name] == first) | ~np.array([part.has(i) for i in range(probe.players)])).all(-1)
        acts = (np.abs(seen.paid) > TOLERANCE) | _closed(probe, seen) | _carried(probe, seen)
        if acts[idle].any():
            return True
        if age < IDLE and probe.charter.memory != "none":
            for row in probe.some(np.flatnonzero(idle), FOLLOWED):
                after = probe.after(records, seen, int(row))
                if key(after) not in known:
                    known.add(key(after))
                    found.append((after, age + 1))
    return False


def _plain(probe: Probe, seen: Seen) -> np.ndarray:
    """`bool[N]`: rounds without moves that the rule has added to those of the game."""
    if probe.act is None:
        return np.ones(len(seen.weight), bool)
    base = probe.charter.grounds[0].parts["act"]
    own = np.array([len(base.labels_of(seat)) for seat in range(probe.players)])
    return np.all(seen.moves["act"] < own, axis=-1)


def _mismatches(rule: str, declared: Mapping[str, Any], found: tuple[str, ...], unasked: bool) -> Iterator[str]:
    if found and declared["kind"] not in found:
        yield f"{rule} declares itself {declared['kind']}, and what it does is {' and '.join(found)}."
    if not declared["formal"] and unasked:
        yield f"{rule} declares itself informal, and closes moves, acts or moves money although nobody chose so."
    if declared["emergent"] and (declared["formal"] or declared["central"] or unasked):
        yield f"{rule} declares itself emergent, and is formal, run from the middle, or does something unasked."
