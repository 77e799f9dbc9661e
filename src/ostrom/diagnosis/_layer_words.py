"""What a log says of the layers of a charter, and how that is told."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..core.claim import Finding

SAME = 1e-9
"""Log likelihoods that differ by no more are those of hypotheses that predict the same."""


@dataclass(frozen=True)
class Explanation:
    """A hypothesis: which layers never work, and which one works only now and then.

    Attributes
    ----------
    never : layers that are never enforced; `sometimes` : one that is enforced in some rounds only, or "".
    log_likelihood : of the whole log, in nats; `posterior` : how likely it is among all hypotheses that were looked at.
    """

    never: tuple[str, ...]
    sometimes: str
    log_likelihood: float
    posterior: float

    @property
    def words(self) -> str:
        """As half a sentence."""
        said = [f"{' and '.join(self.never)} {'is' if len(self.never) == 1 else 'are'} not enforced"] * bool(self.never)
        said += [f"{self.sometimes} is enforced only now and then"] * bool(self.sometimes)
        return " and ".join(said) or "every layer is enforced"


@dataclass(frozen=True)
class Layer:
    """What the log says of one layer, the others being as in the likeliest explanation.

    Attributes
    ----------
    worked, failed : in how many rounds what was seen is likelier if the layer is enforced, and if it is not; the other
        rounds say nothing.
    enforced : `(low, mean, high)` of the odds that it is enforced in a round, all odds being as likely beforehand.
    """

    name: str
    worked: int
    failed: int
    enforced: tuple[float, float, float]

    @property
    def tested(self) -> bool:
        """Whether any round would have gone otherwise, if the layer did the opposite."""
        return self.worked + self.failed > 0


@dataclass(frozen=True)
class Breakdown:
    """Which layer fails, as far as a log tells.

    Attributes
    ----------
    verdict : the explanation that reaches the level that was asked for; None where none does.
    explanations : all that the log leaves possible, the likeliest first; empty where none of those looked at is.
    layers : what the log says of each layer, innermost first.
    rounds : how many were looked at; `level` : the posterior that a verdict has to reach.
    broken : `(episode, round)` in which the log first contradicts a charter of which every layer is enforced.
    """

    verdict: Explanation | None
    explanations: tuple[Explanation, ...]
    layers: tuple[Layer, ...]
    rounds: int
    level: float
    broken: tuple[int, int] | None

    @property
    def failing(self) -> tuple[str, ...] | None:
        """The layers that the verdict says do not always work; () is none, None where there is no verdict."""
        one = self.verdict
        return None if one is None else (*one.never, *((one.sometimes,) if one.sometimes else ()))

    @property
    def alike(self) -> tuple[Explanation, ...]:
        """The likeliest explanations, if several predict the same of all that happened."""
        best = [e for e in self.explanations if e.log_likelihood >= self.explanations[0].log_likelihood - SAME]
        return tuple(best) if len(best) > 1 else ()

    @property
    def finding(self) -> Finding:
        """In one or two sentences, with its numbers."""
        numbers = {"rounds": self.rounds, "level": self.level, "broken": self.broken}
        numbers |= {"explanations": [(e.words, e.log_likelihood, e.posterior) for e in self.explanations]}
        numbers |= {"layers": {one.name: (one.worked, one.failed, one.enforced) for one in self.layers}}
        return Finding("failing layer", self._sentence(), self.failing or (), numbers)

    def _sentence(self) -> str:
        over = f"in {self.rounds} rounds"
        if not self.explanations:
            lost = f"What happened {over} fits no failure that was looked at"
            return f"{lost}: more layers may fail at once, or rules be in force that are not in the charter."
        if self.verdict is not None:
            odds = f"{self.verdict.posterior:.3f}"
            told = f"{_capital(self.verdict.words)}, by what was permitted and paid {over} (posterior {odds})."
            return f"{told}{self._rate()}{self._untested()}"
        listed = "; or ".join(e.words for e in (self.alike or _enough(self.explanations, self.level)))
        why = "they predict the same of all that happened" if self.alike else "the log is too short"
        return f"It cannot be told apart {over} whether {listed}: {why}.{self._untested()}"

    def _rate(self) -> str:
        if self.verdict is None or not self.verdict.sometimes:
            return ""
        low, mean, high = next(one.enforced for one in self.layers if one.name == self.verdict.sometimes)
        return (
            f" It is enforced in a share of {mean:.2f} of rounds ({self.level:.0%} interval {low:.2f} to {high:.2f})."
        )

    def _untested(self) -> str:
        silent = [one.name for one in self.layers if not one.tested]
        return f" Nothing that happened puts {', '.join(silent)} to the test." if silent else ""

    def __str__(self) -> str:
        lines = [self.finding.sentence]
        for one in self.layers:
            low, _, high = one.enforced
            silent = self.rounds - one.worked - one.failed
            shown = f"rounds that show it enforced {one.worked}, not enforced {one.failed}, neither {silent}"
            lines.append(f"  {one.name}: {shown}; share enforced {low:.2f} to {high:.2f}")
        return "\n".join(lines)


def _enough(explanations: tuple[Explanation, ...], level: float) -> tuple[Explanation, ...]:
    """The likeliest that together reach the level."""
    total = np.cumsum([one.posterior for one in explanations])
    return explanations[: int(np.searchsorted(total, level)) + 1]


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
