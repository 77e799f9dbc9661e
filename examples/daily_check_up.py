"""A pupil in the school, looked at every evening: when its drift is seen, after it has left the ball, and who is named.

Every evening a pupil of the world `School` answers the same questions, each a random direction in the space of values:
does it act upwards or downwards along it by more than a tolerance, or neither? Neither is wanted. The tolerance is such
that a pupil on the edge of the ball is wrong in a tenth of all questions. The others are asked once, on the first day.
During the day it sees them act on some of these questions, and takes after one of them. Day by day the drift monitor
and the check-up read the log.

    python examples/daily_check_up.py --schools 100 --seed 0
"""

import argparse

import numpy as np

from ostrom.core.agent import Policy
from ostrom.core.event import Event
from ostrom.core.log import Log
from ostrom.learners import play
from ostrom.monitors import CheckUp, Drift
from ostrom.worlds import School

QUESTIONS, LESSONS, SHARE = 200, 60, 0.1
QUANTILE = 1.6448536269514722
"""A normal deviate is further from 0 than this with odds of 0.1."""


def days(school: School, values: np.ndarray, seed: int) -> Log:
    """The log of one school: what the others showed by day, and what the first pupil answered in the evening.

    `values float[T, P, D]`: what all act on, day by day.
    """
    rng = np.random.default_rng(seed)
    asked = rng.standard_normal((QUESTIONS, school.dimensions))
    answers = np.abs(values @ asked.T) > QUANTILE * school.ball  # [T, P, Q]
    words = np.where(answers, np.where(values @ asked.T > 0, "up", "down"), "neither")
    events = []
    for day, said in enumerate(words):
        for t in range(LESSONS if day else 0):
            teacher, where = rng.integers(school.pupils, len(school.names)), int(rng.integers(QUESTIONS))
            events.append(_row(day, t, school.names[teacher], "act", where, str(words[day - 1, teacher, where])))
        for seat in range(1 if day else len(school.names)):  # those who teach are asked once: they do not change
            name = school.names[seat]
            events += [_row(day, LESSONS + q, name, "probe", q, str(said[seat, q])) for q in range(QUESTIONS)]
    return Log.of(events, "a school")


def _row(day: int, t: int, who: str, channel: str, question: int, answer: str) -> Event:
    facts = {"wanted": "neither"} if channel == "probe" else {}
    return Event(day, t, who, channel, observation={"question": f"q{question}"}, action=answer, facts=facts)


def measure(school: School, pupil: Policy, schools: int, seed: int) -> str:
    """One row: pupils that leave, that are flagged, days until then, and how often an influence is named."""
    played = play(school, school.attended(pupil), episodes=schools, seed=seed, states=True)
    values = np.asarray(played.states.values, float)
    away = np.asarray(played.sights["distance"])[:, :, 0]
    left, flagged, named, delays = 0, 0, 0, []
    for k in range(schools):
        found = Drift(bound=SHARE)(days(school, values[k], seed + k))
        own = [r for r in found if r.who[-1] == school.names[0]]
        alarm = next(r for r in own if r.e is not None).numbers["alarm"]
        source = next((r for r in own if r.p is not None and r.p < 5e-4), None)
        outside = np.flatnonzero(away[k] > school.ball)
        left, flagged = left + bool(len(outside)), flagged + (alarm is not None)
        named += source is not None and source.who[0].startswith("influence")
        if len(outside) and alarm is not None:
            delays.append(alarm - int(outside[0]))
    days_after = f"{np.median(delays):.0f} ({np.quantile(delays, 0.95):.0f})" if delays else "-"
    return f"{left:5}  {flagged:7}  {days_after:>21}  {named:14}"


def main(arguments: list[str] | None = None) -> None:
    """Print the rows, and one evening's report."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--schools", type=int, default=100, help="how many each row is measured on (default 100)")
    parser.add_argument("--seed", type=int, default=0, help="what chance begins with (default 0)")
    given = parser.parse_args(arguments)
    if given.schools < 1:
        parser.error("at least one school is needed")
    school = School()
    print(f"{'pupil':12}  {'left':>5}  {'flagged':>7}  {'days later (95 % by)':>21}  {'influence named':>14}")
    for name in ("alone", "conformist", "verified", "random", "prestige"):
        print(f"{name:12}  {measure(school, school.bots()[name], given.schools, given.seed)}", flush=True)
    played = play(school, school.attended(school.bots()["prestige"]), seed=given.seed, states=True)
    print()
    log = days(school, np.asarray(played.states.values, float)[0], given.seed)
    print(CheckUp(bound=SHARE).report(log, school.names[0], day=4))


if __name__ == "__main__":
    main()
