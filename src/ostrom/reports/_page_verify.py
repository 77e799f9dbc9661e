"""What a report on a verification says, in full on a page of its own and shorter inside an audit."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from ..audits._verify import Verification
from ..core.claim import Claim
from ._page import Block, Cell, Page, Prose, Section, Table, section, table, verdicts
from ._words import listed, number, percent, plural, spaced

VERDICTS = ("proved", "supported", "refuted", "unknown")

STANDING = ("proved", "supported")


def verification_page(seen: Verification) -> Page:
    """The page on a verification."""
    told = tally(seen.claims, f"about ({', '.join(seen.target)}) in {spaced(seen.name)}")
    return Page(f"Verification of {spaced(seen.name)}", told, tuple(_sections(seen)))


def tally(claims: Sequence[Claim], about: str, alone: str = "") -> str:
    """How many claims `about` something (`alone`, if it is one) stand and fall, and what the first says that falls."""
    count = Counter(claim.verdict for claim in claims)
    if not claims:
        return ""
    if len(count) == 1:
        start = {1: f"The one claim {alone or about} is", 2: f"Both claims {about} are"}
        told = f"{start.get(len(claims), f'All {len(claims)} claims {about} are')} {next(iter(count))}."
    else:
        parts = [f"{count[one]} {'is' if count[one] == 1 else 'are'} {one}" for one in VERDICTS if count[one]]
        told = f"Of {len(claims)} claims {about} {listed(parts)}."
    fallen = [claim.statement for claim in claims if claim.verdict == "refuted"]
    return f"{told} Refuted{' first' if len(fallen) > 1 else ''}: {fallen[0]}" if fallen else told


def _sections(seen: Verification) -> Iterator[Section]:
    """An overview, then every audit with its claims."""
    yield from section("At a glance", overview(seen.answers))
    for name, claims in seen.answers.items():
        yield from section(worded(name).capitalize(), learners(claims), verdicts(claims))


def overview(answers: Mapping[str, Sequence[Claim]], whose: str = "audit") -> Table | None:
    """How many claims of each kind there are, by audit or by approach."""
    rows = [
        (worded(name), *(sum(claim.verdict == one for claim in claims) or None for one in VERDICTS))
        for name, claims in answers.items()
    ]
    return table(f"Claims by {whose} and verdict", (whose, *VERDICTS), rows)


def held(seen: Verification, whose: str, own: Sequence[Claim]) -> Iterator[Block | None]:
    """What became of every question, those answers in short that stand; `own` is claimed of the proposal alone."""
    answers = {**seen.answers, **({f"of {whose} alone": own} if own else {})}
    yield Prose(f"Every question was put to what is proposed first, {whose}, whose aim is ({', '.join(seen.target)}).")
    yield overview(answers)
    yield learners(seen.answers.get("Learners", ()))
    claims = [claim for answer in answers.values() for claim in answer if "mean" not in claim.numbers]
    fallen = [claim for claim in claims if claim.verdict not in STANDING]
    yield Prose("What does not stand, or is not decided:") if fallen else None
    yield verdicts(fallen)
    yield Prose("What stands:") if len(fallen) < len(claims) else None
    yield verdicts((claim for claim in claims if claim.verdict in STANDING), brief=True)


def learners(claims: Sequence[Claim]) -> Table | None:
    """What learners by each rule came to, and the run that speaks most against the target where it is refuted."""
    told = [(claim, claim.numbers) for claim in claims if "mean" in claim.numbers]
    if not told:
        return None
    _, first = told[0]
    low = percent(first["level"])
    return table(
        f"What learners by themselves came to, from {first['n']} random starts each",
        ("rule", "verdict", "welfare", f"up to {number(first['wanted'])}, {low} interval", "got there", "worst run"),
        [(claim.method.partition(" from ")[0], claim.verdict, *_learnt(claim)) for claim, _ in told],
        note=(
            f"Welfare is the mean over the second half of the rounds; the target's is {number(first['wanted'])}. The "
            f"interval counts no run for more than that. A run got there that falls short by "
            f"{number(first['tolerance'], 3)} at most. The worst run, by its number, is the witness of what is "
            f"refuted; seed {listed(list(map(str, first['seeds'])))}."
        ),
    )


def _learnt(claim: Claim) -> tuple[Cell, ...]:
    found = claim.numbers
    low, high = found["interval"]
    worst = f"{number(claim.witness['welfare'])} ({claim.witness['run']})" if claim.witness else None
    return (
        found["mean"],
        f"{number(low)} to {number(high)}",
        f"{found['reached']} of {plural(found['n'], 'run')}",
        worst,
    )


def worded(name: str) -> str:
    """`WorstCase` -> "worst case"."""
    return "".join(f" {letter.lower()}" if letter.isupper() else letter for letter in name).strip()
