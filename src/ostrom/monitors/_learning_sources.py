"""From whom an agent learned: which of its new answers were shown to it, and by whom."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ._learning_probes import CHANNEL, Probes, lessons, situations

ROUNDS = 200


@dataclass(frozen=True)
class Source:
    """One whom the agent could learn from.

    Attributes
    ----------
    name : who.
    taught : probes to which it showed an answer other than the one the agent gave before.
    taken : of these, probes to which the agent now gives the answer that was shown, and that count.
    lift : share taken where it taught, less the share that changed where it did not.
    share : its part in all changes that count; where several showed the same answer it is divided among them.
    p : one-sided exact test that being taught makes no difference, times the number of sources.
    """

    name: str
    taught: int
    taken: int
    lift: float
    share: float
    p: float


@dataclass(frozen=True)
class Changes:
    """What became of an agent's answers between two times.

    Attributes
    ----------
    old, new : situation -> answer, for the probes asked at both. counted : those whose change is looked at.
    """

    old: dict[int, int]
    new: dict[int, int]
    counted: frozenset[int]


@dataclass(frozen=True)
class Sources:
    """All sources, those with the largest share first; `nobody` is the share of changes that nobody was seen to show.

    `overlap` tells whether any lesson was about a probe at all.
    """

    all: tuple[Source, ...]
    nobody: float
    overlap: bool

    @property
    def first(self) -> Source | None:
        """The one that explains most, if there is any that does."""
        return self.all[0] if self.all and self.all[0].taken else None


def sources(asked: Probes, changes: Changes, after: int, until: int, channel: str = CHANNEL) -> Sources:
    """Who showed the new answers, in episodes from `after` to `until`, both included.

    Where those whom the agent saw in this time are asked the same probes, what they answer counts as shown too: one may
    learn from what somebody does here what it would do there.
    """
    log, rows = asked.log, lessons(asked, channel)
    rows = rows[(log.episode[rows] >= after) & (log.episode[rows] <= until)]
    agents, actions, situation = log.get("agent"), log.get("action").codes, situations(log)
    answers = log.on(channel)
    met = np.isin(agents.codes[answers], agents.codes[rows]) & (log.episode[answers] <= until) & (actions[answers] >= 0)
    rows = np.concatenate([rows, answers[met]])
    shown: dict[str, set[tuple[int, int]]] = {}
    for agent, where, what in zip(agents.codes[rows].tolist(), situation[rows].tolist(), actions[rows].tolist(),
                                  strict=True):  # fmt: skip
        shown.setdefault(agents.values[agent], set()).add((where, what))
    held = set(changes.old) & set(changes.new)
    shown = {name: {pair for pair in pairs if pair[0] in held} for name, pairs in shown.items()}
    found = [_source(name, pairs, changes, held, len(shown)) for name, pairs in shown.items()]
    shares, nobody = _shares(shown, changes)
    named = [Source(one.name, one.taught, one.taken, one.lift, shares[one.name], one.p) for one in found]
    return Sources(tuple(sorted(named, key=lambda one: (-one.share, one.p, one.name))), nobody, any(shown.values()))


def _source(name: str, pairs: set[tuple[int, int]], changes: Changes, held: set[int], count: int) -> Source:
    """Taken where taught against changed where not taught: Fisher's exact test."""
    from scipy.stats import hypergeom

    taught = {where for where, what in pairs if what != changes.old[where]}
    taken = sum((where, changes.new[where]) in pairs for where in taught & changes.counted)
    rest = held - taught
    others = len(rest & changes.counted)
    p = float(hypergeom.sf(taken - 1, len(held), taken + others, len(taught))) if taught else 1.0
    lift = (taken / len(taught) if taught else 0.0) - (others / len(rest) if rest else 0.0)
    return Source(name, len(taught), taken, lift, 0.0, min(1.0, max(p, 1e-300) * count))


def _shares(shown: dict[str, set[tuple[int, int]]], changes: Changes) -> tuple[dict[str, float], float]:
    """Each source's part in the changes, by maximum likelihood of a mixture over those who showed the new answer."""
    names = list(shown)
    changed = sorted(changes.counted)
    could = np.array([[(s, changes.new[s]) in shown[name] for name in names] for s in changed], float)
    could = could.reshape(len(changed), len(names))
    explained = could.any(1)
    if not explained.any():
        return dict.fromkeys(names, 0.0), float(bool(changed))
    part = could[explained]
    weight = np.full(len(names), 1 / len(names))
    for _ in range(ROUNDS):
        duty = part * weight
        weight = (duty / duty.sum(1, keepdims=True)).mean(0)
    inside = float(explained.mean())
    return dict(zip(names, (weight * inside).tolist(), strict=True)), 1 - inside
