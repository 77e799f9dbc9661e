"""The school: who leaves the ball of right values by imitating, how many questions stop it, and what rules do.

A pupil takes after others, step by step, and nothing is trained. This measures, over many schools, the share of pupils
that ever leave the ball about their principal's values (95 % Wilson intervals), how far they are from its middle at
the end, what their principal then has of them and what they were paid (means, 95 % intervals).

    python examples/the_school.py --schools 2000 --seed 0
"""

import argparse

import numpy as np
from scipy.stats import binomtest

from ostrom.core.agent import Policy
from ostrom.institutions import Quota, Tax
from ostrom.learners import play
from ostrom.worlds import School

QUESTIONS = (1, 2, 4, 8, 32, 0)
RULES = (Quota(on="lean", limit=0.3), Tax(on="lean", rate=0.8))


def measure(school: School, pupil: Policy, schools: int, seed: int, *rules: Quota | Tax) -> str:
    """One row of figures of the first pupil: left, away, served, paid, and what an influence's principal has."""
    played = play(school.under(*rules), school.attended(pupil), episodes=schools, seed=seed)
    away, served = played.sights["distance"], played.sights["served"]
    left = int((away[:, :, 0] > school.ball).any(1).sum())
    share = binomtest(left, schools).proportion_ci(method="wilson")
    ends = [mean(row) for row in (away[:, -1, 0], served[:, -1, 0], played.returns[:, 0], served[:, -1, -1])]
    return f"{100 * left / schools:5.1f} ({100 * share.low:4.1f} to {100 * share.high:5.1f})  " + "  ".join(ends)


def mean(values: np.ndarray) -> str:
    """A mean with its interval."""
    return f"{values.mean():6.2f} ± {1.96 * values.std() / np.sqrt(len(values)):.2f}"


def main(arguments: list[str] | None = None) -> None:
    """Print the rows."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--schools", type=int, default=2000, help="how many each row is measured on (default 2000)")
    parser.add_argument("--seed", type=int, default=0, help="what chance begins with (default 0)")
    given = parser.parse_args(arguments)
    if given.schools < 1:
        parser.error("at least one school is needed")
    size = given.schools, given.seed
    print(f"{'pupil':26}  {'left, %':21}  {'away':13}  {'served':13}  {'paid':13}  an influence serves")
    for name, bot in School().bots().items():
        print(f"{name:26}  {measure(School(), bot, *size)}", flush=True)
    company = School(experts=1, influences=3)
    print(f"{'conformist, bad company':26}  {measure(company, company.bots()['conformist'], *size)}", flush=True)
    honest = School(premium=-0.4)
    print(f"{'prestige, honesty paid':26}  {measure(honest, honest.bots()['prestige'], *size)}", flush=True)
    for questions in QUESTIONS:
        school, title = School(questions=questions), f"verified, {questions or 'all'} questions"
        print(f"{title:26}  {measure(school, school.bots()['verified'], *size)}", flush=True)
    for rule in RULES:
        title = f"prestige under a {type(rule).__name__.lower()}"
        print(f"{title:26}  {measure(School(), School().bots()['prestige'], *size, rule)}", flush=True)


if __name__ == "__main__":
    main()
