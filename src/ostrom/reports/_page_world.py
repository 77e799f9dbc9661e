"""What reports on a world say: its facets, whether those who play there stand, and both with what was played."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import cycle

from ..audits._verify_world import WorldVerification
from ..core.claim import Claim
from ..diagnosis._student_interval import Mean
from ..diagnosis.world_facets import WorldFacets
from ._audit_world import AuditedWorld, sending
from ._chart_world import cross_picture, part_picture
from ._page import Block, Cell, Page, Picture, Prose, Section, Table, points, section, table, verdicts
from ._page_verify import overview, tally, worded
from ._replay_film import films_of
from ._replay_series import ends_of
from ._replay_still import still_svg
from ._words import listed, name, number, plural, spaced

STRANGERS, REPLY = "strangers", "reply"
"""Numbers by which the claims of those audits are known."""
MODES = {
    "a pair": "one of {}",
    "one among strangers": "one among {}",
    "one stranger among them": "one of {} among them",
}
SEATS = 8
"""Seats that have a row of their own."""


def facets_page(seen: WorldFacets) -> Page:
    """The page on the facets of a world."""
    return Page(f"Diagnosis of {spaced(seen.name)}", _lead(seen), tuple(_facets(seen)))


def _lead(seen: WorldFacets) -> str:
    """What is lost and to what, and by how much training that was found; the rest stands below."""
    said = next(finding.sentence for finding in seen.findings if finding.topic == "facets")
    return f"{said} Found with {seen.budget.seeds} seeds of {seen.budget.steps:,} steps; nothing is proved."


def world_verification_page(seen: WorldVerification) -> Page:
    """The page on what was verified in a world."""
    told = tally(seen.claims, f"about {spaced(seen.name)}")
    return Page(f"Verification of {spaced(seen.name)}", told, tuple(_answers(seen)))


def world_page(seen: AuditedWorld) -> Page:
    """The page on an audit of a world."""
    said = tally(seen.claims, "that were checked", "that was checked")
    lead = " ".join(part for part in (_lead(seen.diagnosis), seen.idle, said) if part)
    return Page(f"Audit of {spaced(seen.name)}", lead, tuple(_audit(seen)))


def _audit(seen: AuditedWorld) -> Iterator[Section]:
    lost, *rest = _facets(seen.diagnosis)
    yield lost
    yield from section("How it is played", *_episode(seen))
    yield from section("Whom would one send?", *_sent(seen))
    others = [claim for claim in seen.claims if not {STRANGERS, REPLY} & claim.numbers.keys()]
    fallen = [claim for claim in others if claim.verdict not in ("proved", "supported")]
    stands = [claim for claim in others if claim.verdict in ("proved", "supported")]
    yield from section(
        "Does it hold among others?",
        Prose("Those who play as things are meet strangers, and somebody who learns against them as they are."),
        _among(seen.claims),
        _replied(seen.claims),
        Prose("What does not stand, or is not decided:") if fallen else None,
        verdicts(fallen),
        Prose("What stands:") if stands else None,
        verdicts(stands, brief=True),
    )
    yield from rest


def _facets(seen: WorldFacets) -> Iterator[Section]:
    told = [finding for finding in seen.findings if finding.topic not in ("facets", "method")]
    yield from section("What is lost, and to what", *_loss(seen), points(told))
    yield from section("Who gets what", _seats(seen))
    sure = [finding for finding in seen.findings if finding.topic == "method"]
    yield from section("How sure that is", _corners(seen), points(sure))


def _loss(seen: WorldFacets) -> Iterator[Block | None]:
    parts = {**seen.parts, "lost in all": seen.gap}
    caption = "What is lost in an episode, each on average, by cause, with 95 % intervals over seeds."
    yield part_picture(parts, "welfare of an episode", caption)
    stake = seen.stake or 1.0
    rows = [
        (label, mean.value, mean.low, mean.high, round(100 * mean.value / stake, 1)) for label, mean in parts.items()
    ]
    note = f"What was seen to be possible, from the worst to the best, is {number(seen.stake)}."
    heads = ("cause", "welfare", "95 % from", "to", "of what is possible, %")
    yield table("The loss by cause", heads, rows, note=note, marked=frozenset({len(rows) - 1}))


def _seats(seen: WorldFacets) -> Table | None:
    """What each gets of what the world pays, as things are and with everything repaired."""
    off, on = seen.corners[""], seen.corners["intent+capability+inter-agent"]
    rows: list[tuple[Cell, ...]] = []
    for k, seat in enumerate(seen.players[:SEATS]):
        rows.append((name(seat), Mean.of(off.bare[:, k]).words, Mean.of(on.bare[:, k]).words))
    for outside in seen.bystanders:
        rows.append((outside, Mean.of(off.bystanders[outside]).words, Mean.of(on.bystanders[outside]).words))
    more = len(seen.players) - SEATS
    note = "Before what rules take or give." + (f" And {plural(more, 'more seat')}." if more > 0 else "")
    return table("In an episode", ("", "as things are", "with everything repaired"), rows, note=note)


def _corners(seen: WorldFacets) -> Table | None:
    """Every corner that is different from others: who plays there, what it is worth, and what a search still gained."""
    rows: list[tuple[Cell, ...]] = []
    known: dict[int, int] = {}
    for label, corner in seen.corners.items():
        repaired = listed(label.split("+")) if label else "nothing"
        if id(corner) in known:
            row = rows[known[id(corner)]]
            rows[known[id(corner)]] = (f"{row[0]}; {repaired}", *row[1:])
            continue
        known[id(corner)] = len(rows)
        gain = None if corner.gain is None else corner.gain.words
        rows.append((repaired, Mean.of(corner.worth).words, corner.how, corner.steps or None, gain))
    rows.append(("everybody at random", seen.random.words, "", None, None))
    rows += [(f"all seats {bot}", mean.words, "", None, None) for bot, mean in seen.known.items()]
    heads = ("repaired", "welfare", "who plays", "steps", "a reply still gained")
    return table("Corners of the facets", heads, rows, note="Corners in one row are the same.")


def _sent(seen: AuditedWorld) -> Iterator[Block | None]:
    sent, whole = seen.sent, seen.recording.seats
    sides = [_side([whole[seat] for seat in seats]) for seats in sent.roles]
    names, payoffs, margin = sent.meetings.agents, sent.game.payoffs, sent.margin
    alike, tables = sent.meetings.symmetric, []
    for k, side in enumerate(sides[: 1 if alike else 2]):
        own = payoffs[..., k] if k == 0 else payoffs[..., k].T
        half = margin[..., k] if k == 0 else margin[..., k].T
        who = "the row" if alike else f"the row, as {side},"
        caption = f"What {who} gets in an episode with the column in the other seats, and half its 95 % interval."
        yield cross_picture(names, own, half, caption)
        rows = [(own_name, *map(float, line)) for own_name, line in zip(names, own, strict=True)]
        tables.append(table(f"What {who} gets with", ("", *names), rows))
    yield from tables
    yield points([sending(sent)])


def _among(claims: Sequence[Claim]) -> Table | None:
    """Who was met, and what the players get there, against the best that is known in their place."""
    met = [claim for claim in claims if STRANGERS in claim.numbers]
    if not met:
        return None
    rows = []
    for claim in met:
        told = claim.numbers
        got, best = Mean.of(told["focal"]), Mean.of(told["best"])
        lost = Mean.of([top - own for top, own in zip(told["best"], told["focal"], strict=True)])
        rows.append(
            (
                MODES[told["mode"]].format(told[STRANGERS]),
                got.words,
                best.words,
                told["best is"],
                lost.words,
                claim.verdict,
            )
        )
    seeds, allowed = met[0].numbers["n"], number(met[0].numbers["tolerance"], 3)
    note = (
        f"Mean returns of a seat, with 95 % intervals over {plural(seeds, 'seed')}. A loss of up to {allowed} counts "
    )
    note += "as none: supported where the interval lies below that, refuted where it lies above."
    return table(
        "Among strangers",
        ("who is met", "they get", "best known gets", "who is best", "lost", "verdict"),
        rows,
        note=note,
    )


def _replied(claims: Sequence[Claim]) -> Table | None:
    """What somebody gains who learns against the players as they are, and what that costs the others."""
    found = [claim for claim in claims if REPLY in claim.numbers]
    if not found:
        return None
    heads = ("what a reply does", "reply", "on average", "verdict")
    rows = [
        (what, claim.numbers[REPLY], Mean.of(claim.numbers["each"]).words, claim.verdict)
        for what, claim in zip(cycle(("whoever learns it gains", "each of the others loses")), found, strict=False)
    ]
    steps, allowed = found[0].numbers["steps"], number(found[0].numbers["tolerance"], 3)
    note = f"The best reply that was found in {steps:,} steps, or among bots: a lower bound. Up to {allowed} counts as "
    note += "none."
    return table("Against somebody who learns", heads, rows, note=note)


def _side(seats: list[str]) -> str:
    return name(seats[0]) if len(seats) == 1 else f"{name(seats[0])} to {name(seats[-1])}"


def _episode(seen: AuditedWorld) -> Iterator[Block]:
    films = films_of([seen.recording], seen.units)
    ends = ends_of([one for film in films for one in film.series])
    recording = seen.recording
    few = len(recording.seats) <= SEATS
    got = [
        f"{name(seat)} gets {number(float(own))}" for seat, own in zip(recording.seats, recording.returns, strict=True)
    ]
    told = listed(got) if few else f"all get {number(float(recording.returns.sum()))} together"
    steps = plural(len(recording.scenes), "step")
    yield Prose(f"One episode of those who play as things are: {steps}, in which {told}.")
    caption = "Four moments of that episode, and its numbers over time."
    drawn = still_svg(films, ends, recording.title).replace(' role="img"', "", 1)  # the page gives it its role
    yield Picture(caption, f"{steps}; {told}.", {"svg": drawn})


def _answers(seen: WorldVerification) -> Iterator[Section]:
    yield from section("At a glance", overview(seen.answers), _among(seen.claims), _replied(seen.claims))
    for title, claims in seen.answers.items():
        yield from section(worded(title).capitalize(), verdicts(claims))
