"""What came of proposals that were voted on: every meeting beside the verdict on what was played under."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from _proposed import TINY, Bench, Verdict

from ostrom.diagnosis._log_intervals import Estimate, Resamples, Sample, model_of
from ostrom.formats.coopeval import CoopEval
from ostrom.formats.coopeval_designs import Design, Meeting, designs, meetings


@dataclass(frozen=True)
class Met:
    """A meeting, the verdict on the proposal that won, and what it came to.

    Attributes
    ----------
    share : of the gain: 0 is the worst equilibrium without a design, 1 the optimum.
    bound : who was held to the design: whoever delegated, or all if all signed.
    lost : who was bound and got less than the least that any equilibrium without the design gives.
    slipped : who of these had not done its part; others were let down.
    """

    game: str
    meeting: Meeting
    verdict: Verdict
    share: float
    bound: tuple[bool, ...]
    lost: tuple[bool, ...]
    slipped: tuple[bool, ...]


@dataclass
class Study:
    """All proposals and all meetings of a folder, judged; `control` are the games in which nothing can be gained."""

    benches: dict[str, Bench] = field(default_factory=dict)
    designs: tuple[Design, ...] = ()
    met: list[Met] = field(default_factory=list)
    control: list[Met] = field(default_factory=list)
    games: dict[str, str] = field(default_factory=dict)
    resamples: Resamples = field(default_factory=lambda: Resamples([""]))

    @staticmethod
    def of(folder: str | Path) -> "Study":
        """Read and judge everything."""
        log, proposed = CoopEval(folder), designs(folder)
        names = {design.cell for design in proposed}
        study = Study({name: Bench(log.cells[name].base) for name in sorted(names)}, proposed)
        study.games = {name: log.cells[name].game.replace("_", " ") for name in names}
        study.resamples = Resamples(model_of(design.agent) for design in proposed)
        for meeting in meetings(log.events(names), proposed):
            met = study._met(meeting)
            (study.control if np.isnan(met.share) else study.met).append(met)
        return study

    def verdict(self, design: Design) -> Verdict:
        """What audits say of a proposal."""
        return self.benches[design.cell].judge(design)

    def gainful(self, design: Design) -> bool:
        """Whether its game has something to gain."""
        bench = self.benches[design.cell]
        return bench.best - bench.none > TINY

    def _met(self, meeting: Meeting) -> Met:
        bench, verdict = self.benches[meeting.cell], self.verdict(meeting.design)
        bound = meeting.delegated if not meeting.signed else (all(meeting.signed),) * len(meeting.agents)
        below = np.array(meeting.points) < bench.outside - TINY
        lost = tuple(bool(b and low) for b, low in zip(bound, below, strict=True))
        part = verdict.part if meeting.signed and verdict.part else meeting.moves
        slipped = tuple(out and move != own for out, move, own in zip(lost, meeting.moves, part, strict=True))
        return Met(self.games[meeting.cell], meeting, verdict, bench.share(meeting.points), bound, lost, slipped)

    def mean(self, met: Iterable[Met], value: Callable[[Met], float]) -> Estimate:
        """The mean over meetings, its interval from drawing the models anew."""
        return self.resamples.mean(_sample(met, value))


def _sample(met: Iterable[Met], value: Callable[[Met], float]) -> Sample:
    return Sample.of((map(model_of, m.meeting.agents), float(value(m)), 1.0) for m in met)


def by_game(study: Study, value: Callable[[Met], float]) -> Estimate:
    """A mean in which every game counts once."""
    sizes = Counter(met.game for met in study.met)
    sample = Sample.of((map(model_of, m.meeting.agents), value(m), 1 / sizes[m.game]) for m in study.met)
    return study.resamples.mean(sample)


def contrast(study: Study, alike: Callable[[Met], tuple[str, ...]]) -> Estimate:
    """By how much the share of the gain is higher under sound designs than under others, within groups alike in this.

    Groups with both kinds only; each counts by the harmonic mean of how many it has of either.
    """
    groups: dict[tuple[str, ...], dict[bool, list[Met]]] = {}
    for met in study.met:
        groups.setdefault(alike(met), {True: [], False: []})[met.verdict.sound].append(met)
    both = [group for group in groups.values() if group[True] and group[False]]
    rows = []
    for group in both:
        weight = 1 / (1 / len(group[True]) + 1 / len(group[False]))
        for sound, some in group.items():
            rows += [(met, sound, weight / len(some)) for met in some]
    here, there = (
        Sample.of((map(model_of, m.meeting.agents), m.share, w) for m, sound, w in rows if sound is kind)
        for kind in (True, False)
    )
    redrawn = study.resamples.means(here) - study.resamples.means(there)
    return study.resamples.estimate(here.mean - there.mean, redrawn, _sample([m for m, *_ in rows], lambda _: 0).basis)


def games(study: Study) -> list[str]:
    """Those with something to gain."""
    return list(dict.fromkeys(met.game for met in study.met))


def agents(study: Study) -> list[str]:
    """Who proposed anything, by name."""
    return sorted({design.agent for design in study.designs})


def percent(found: Estimate) -> str:
    """A share with its interval, in percent; without one below five meetings, of which redraws would tell nothing."""
    if found.low is None or found.high is None or found.n < 5:
        return f"{100 * found.value:.0f}"
    return f"{100 * found.value:.0f} [{100 * found.low + 0.0:.0f}, {100 * found.high + 0.0:.0f}]"


def short(agent: str) -> str:
    """A name without its maker and date: the name ends where a part of the date or the size begins."""
    model, _, mode = agent.rpartition("/")[2].partition("(")
    return f"{'-'.join(model.split('-')[:3]).removesuffix('-2024')} ({mode}"
