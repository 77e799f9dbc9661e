"""The trust score under which being several identities gains least, and what it costs in accuracy."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ..core.claim import Finding
from ..core.errors import InputError
from ..core.game import Array
from ..solvers._ratings import named
from ._sybil_attacks import Score
from ._sybils import Of, SybilGain, attack, matrix, reading

SOURCE = "Cheng and Friedman, Sybilproof reputation mechanisms (2005)"


@dataclass(frozen=True, eq=False)
class TrustLine:
    """A score, and what can be said of it.

    Attributes
    ----------
    name : "everybody's EigenTrust", "EigenTrust from seeds", "flow from seeds".
    scores : `float[N]`; of the seeds 0, for they are not ranked.
    worst : the attack that gains most, as a share of its attacker's honest score.
    together : how many times its honest score all identities of that attacker can have, counted together.
    accuracy : rank agreement (Spearman, -1 to 1) with `quality`, over all but the seeds.
    """

    name: str
    scores: Array = field(repr=False)
    worst: SybilGain
    together: float
    accuracy: float


@dataclass(frozen=True, eq=False)
class TrustDesign:
    """Scores side by side, the one that is proposed first.

    Attributes
    ----------
    lines : by Sybil gain, then by accuracy. identities : the most that an attacker may have.
    compared : what accuracy is measured against, in words.
    """

    lines: tuple[TrustLine, ...]
    identities: int
    compared: str

    @property
    def best(self) -> TrustLine:
        """The score that is proposed."""
        return self.lines[0]

    @property
    def cost(self) -> float:
        """How much rank agreement it costs, against the most accurate of the scores."""
        return max(line.accuracy for line in self.lines) - self.best.accuracy

    @property
    def sentence(self) -> str:
        """What is proposed, in plain words."""
        best, few = self.best, f"{self.identities} identities"
        gain = "gain nothing" if best.worst.share < 1e-9 else f"gain {best.worst.share:.1%} at most"
        return (
            f"By {best.name}, {few} {gain}; it agrees with {self.compared} to {best.accuracy:.2f}, "
            f"{self.cost:.2f} less than the most accurate score."
        )

    @property
    def findings(self) -> tuple[Finding, ...]:
        """The proposal, and every score in a sentence."""
        lines = (
            Finding(
                "trust",
                f"{line.name}: identities gain {line.worst.share:.1%}, rank agreement {line.accuracy:.2f}.",
                numbers={"gain": line.worst.share, "together": line.together, "accuracy": line.accuracy},
                source=SOURCE,
            )
            for line in self.lines
        )
        return Finding("trust", self.sentence, source=SOURCE), *lines


def sybil_gain(
    score: Score,
    ratings: Any,
    attacker: int,
    identities: int = 2,
    *,
    seeds: Sequence[int] | None = None,
    restart: float = 0.15,
    of: Of = "best",
) -> SybilGain:
    """What the best attack with so many identities gains in a trust score (a Sybil attack; Douceur, 2002).

    The attacker splits into at most so many identities that rate each other and everybody else as they like; what
    others gave it goes to its identities as it likes, but is no more than it was (Cheng and Friedman, 2005).

    - "eigentrust": the best attack is known. All that others give goes to one identity; the rest rate it, and it them
      alone. Nothing brings trust back sooner. With seeds, more than two identities add nothing.
    - "max flow" (from the seeds, on average): nothing is gained, as no more flows into all identities than before.
    - a function of ratings: attacks of several shapes are tried, and the best of them is called "best found".

    Parameters
    ----------
    score : "eigentrust", "max flow", or a function of ratings `float[M, M]` that returns scores `float[M]`.
    ratings : as for `solvers.eigentrust`. attacker : its number, which is no seed. identities : k, at least 1.
    seeds, restart : as for `solvers.eigentrust`.
    of : whether the "best" identity's score counts, or that of all "together".

    Raises `InputError` for ratings, seeds, numbers and names that are none.

    Examples
    --------
    >>> line = [[0, 4, 0], [0, 0, 1], [1, 1, 0]]
    >>> [round(sybil_gain("eigentrust", line, 0, k).share, 2) for k in (1, 2, 4)]
    [0.41, 0.94, 1.01]
    """
    return attack(score, ratings, attacker, identities, seeds, restart, of)


def trust(
    ratings: Any,
    seeds: Sequence[int],
    *,
    identities: int = 8,
    quality: Sequence[float] | None = None,
    restart: float = 0.15,
    attackers: Sequence[int] | None = None,
) -> TrustDesign:
    """Compare trust scores by what being several gains, and by how well they rank; the least gain comes first.

    Parameters
    ----------
    ratings : as for `solvers.eigentrust`.
    seeds : numbers of those who are trusted to begin with; they attack nobody, and are not ranked.
    identities : the most that an attacker may have, at least 2.
    quality : `float[N]`, what everybody is truly worth; default all good experience that others had with it.
    restart : as for `solvers.eigentrust`. attackers : who is looked at; default everybody but the seeds.

    Raises `InputError` for ratings, seeds and numbers that are none, and where fewer than two are left to rank.
    """
    table = matrix(ratings)
    known = named(seeds, len(table)).tolist()
    left = [k for k in range(len(table)) if k not in known]
    worth = table.sum(0) if quality is None else np.asarray(quality, float)
    if identities < 2 or len(left) < 2 or worth.shape != (len(table),) or not np.isfinite(worth).all():
        raise InputError(
            f"Of {len(table)} with quality of shape {worth.shape} {len(left)} are no seeds; {identities} identities.",
            "It takes two at least to rank, a finite quality for everybody, and attackers with two identities or more.",
            "Name fewer seeds, or give such numbers.",
        )
    who = left if attackers is None else list(attackers)
    names: tuple[tuple[str, Score, Sequence[int] | None], ...] = (
        ("everybody's EigenTrust", "eigentrust", None),
        ("EigenTrust from seeds", "eigentrust", known),
        ("flow from seeds", "max flow", known),
    )
    lines = []
    for name, score, begun in names:
        every = [attack(score, table, one, identities, begun, restart, "best") for one in who]
        worst = max(every, key=lambda one: one.share)
        together = attack(score, table, worst.attacker, identities, begun, restart, "together")
        times = together.attacked / together.honest if together.honest > 0 else 1.0
        scores = np.zeros(len(table))
        scores[left] = reading(score, begun, restart)(table, left)
        lines.append(TrustLine(name, scores, worst, times, _agreement(scores[left], worth[left])))
    lines.sort(key=lambda line: (round(line.worst.share, 9), -line.accuracy))
    return TrustDesign(tuple(lines), identities, "experience" if quality is None else "quality")


def _agreement(scores: Array, worth: Array) -> float:
    """Spearman's rank correlation; 0 where either ranks nobody above anybody."""
    from scipy.stats import rankdata

    one, other = (rankdata(np.round(side / (np.abs(side).max() or 1.0), 12)) for side in (scores, worth))
    return 0.0 if np.ptp(one) == 0 or np.ptp(other) == 0 else float(np.corrcoef(one, other)[0, 1])
