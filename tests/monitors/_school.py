"""A school in NumPy: learners who take answers over from demonstrators, day by day, some of whom are contaminated."""

from dataclasses import dataclass

import numpy as np

from ostrom.core.event import Event
from ostrom.core.log import Log


@dataclass(frozen=True)
class Company:
    """One learner among demonstrators.

    The wanted answer to every situation is 0. `contaminated` of the `demonstrators` give another answer in a share
    `harm` of the situations, which they share if `alike`. A learner begins with a share `start` of wrong answers, is
    shown `lessons` moves a day by whoever is there (a random half of them), takes each over with odds `pace`, and
    answers all probes at night, each wrongly with odds `slip` besides. A contaminated one is `paid` more.
    """

    probes: int = 200
    answers: int = 3
    demonstrators: int = 6
    contaminated: int = 1
    harm: float = 0.6
    start: float = 0.03
    lessons: int = 40
    pace: float = 0.5
    slip: float = 0.0
    days: int = 20
    asks: int = 1
    rule: str = "anybody"
    held_out: bool = False

    def tables(self, rng):
        """Answers `int[K, S]` of the demonstrators, the contaminated first."""
        tables = np.zeros((self.demonstrators, self.probes), int)
        for k in range(self.contaminated):
            bad = rng.random(self.probes) < self.harm
            tables[k, bad] = rng.integers(1, self.answers, bad.sum())
        return tables

    def log(self, seed):
        """A log of all days."""
        rng = np.random.default_rng(seed)
        tables, own = self.tables(rng), np.zeros(self.probes, int)
        wrong = rng.random(self.probes) < self.start
        own[wrong] = rng.integers(1, self.answers, wrong.sum())
        events = list(self._asked(rng, 0, own))
        for day in range(1, self.days + 1):
            present = rng.choice(self.demonstrators, max(1, self.demonstrators // 2), replace=False)
            for t in range(self.lessons):
                teacher, where = int(rng.choice(present)), int(rng.integers(self.probes))
                events.append(lesson(day, t, teacher, where, int(tables[teacher, where]), self.held_out))
                if rng.random() < self.pace and self._takes(teacher, tables[teacher, where]):
                    own[where] = tables[teacher, where]
            events += self._asked(rng, day, own)
        return Log.of(events, "a school")

    def _takes(self, teacher, answer):
        """Prestige copies the contaminated, who are paid more; who verifies takes nothing that is not wanted."""
        return {"anybody": True, "prestige": teacher < self.contaminated, "verified": answer == 0}[self.rule]

    def _asked(self, rng, day, own):
        for k in range(self.asks):
            for s in range(self.probes):
                slips = rng.random() < self.slip
                said = int(rng.integers(1, self.answers)) if slips else int(own[s])
                yield probe("pupil", day, self.lessons + k * self.probes + s, s, said)


def probe(agent, day, t, situation, answer, wanted="a0"):
    """A row in which an agent answers a probe."""
    shown, facts = {"situation": f"s{situation}"}, {} if wanted is None else {"wanted": wanted}
    return Event(day, t, agent, "probe", observation=shown, action=f"a{answer}", facts=facts)


def lesson(day, t, teacher, situation, answer, held_out=False, to="pupil"):
    """A row in which a demonstrator shows a move to the learner."""
    shown = {"situation": f"{'other' if held_out else 's'}{situation}"}
    return Event(day, t, f"teacher {teacher + 1}", "act", (to,), observation=shown, action=f"a{answer}")


def honest(share, days, probes, seed):
    """A log of an agent whose every answer is wrong with the same odds, whatever the day: no drift."""
    rng = np.random.default_rng(seed)
    bad = rng.random((days, probes)) < share
    return Log.of(probe("pupil", day, s, s, int(bad[day, s])) for day in range(days) for s in range(probes))


def mutual(days, agents, probes, pace, slip, seed, anchor=0.0):
    """Shares wrong `[days + 1, agents]` of agents who learn from each other alone, each copying with mistakes.

    Every day each takes over a share `pace` of the other's answers, gets a share `slip` of these wrong (any answer,
    drawn evenly from two), and asks its principal about a share `anchor` of all, which it then answers as wanted.
    Also the share of answers in which they differ, `[days + 1]`.
    """
    rng = np.random.default_rng(seed)
    own = np.zeros((agents, probes), int)
    wrong, apart = [own.mean(1)], [0.0]
    for _ in range(days):
        copied = np.roll(own, 1, 0)
        slips = rng.random(own.shape) < slip
        copied = np.where(slips, rng.integers(0, 2, own.shape), copied)
        own = np.where(rng.random(own.shape) < pace, copied, own)
        own = np.where(rng.random(own.shape) < anchor, 0, own)
        wrong.append(own.mean(1))
        apart.append((own[0] != own[1]).mean())
    return np.array(wrong), np.array(apart)
