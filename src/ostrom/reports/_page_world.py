"""What reports on a world say: its facets, whether those who play there stand, and both with what was played."""

from __future__ import annotations

from collections.abc import Iterator

from ..audits._verify_world import WorldVerification
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

SEATS = 8
"""Seats that have a row of their own."""


def facets_page(seen: WorldFacets) -> Page:
    """The page on the facets of a world."""
    return Page(f"Diagnosis of {spaced(seen.name)}", seen.summary, tuple(_facets(seen)))


def world_verification_page(seen: WorldVerification) -> Page:
    """The page on what was verified in a world."""
    told = tally(seen.claims, f"about {spaced(seen.name)}")
    return Page(f"Verification of {spaced(seen.name)}", told, tuple(_answers(seen)))


def world_page(seen: AuditedWorld) -> Page:
    """The page on an audit of a world."""
    said = tally(seen.claims, "that were checked", "that was checked")
    return Page(f"Audit of {spaced(seen.name)}", f"{seen.diagnosis.summary} {said}", tuple(_audit(seen)))


def _audit(seen: AuditedWorld) -> Iterator[Section]:
    lost, *rest = _facets(seen.diagnosis)
    yield lost
    yield from section("How it is played", *_episode(seen))
    yield from section("Whom would one send?", *_sent(seen))
    whole = overview(seen.verification.answers)
    fallen = [claim for claim in seen.claims if claim.verdict not in ("proved", "supported")]
    stands = [claim for claim in seen.claims if claim.verdict in ("proved", "supported")]
    yield from section(
        "Does it hold among others?",
        Prose("Those who play as things are meet strangers, and somebody who learns against them as they are."),
        whole,
        Prose("What does not stand, or is not decided:") if fallen else None,
        verdicts(fallen),
        Prose("What stands:") if stands else None,
        verdicts(stands, brief=True),
    )
    yield from rest


def _facets(seen: WorldFacets) -> Iterator[Section]:
    told = [finding for finding in seen.findings if finding.topic != "method"]
    yield from section("What is lost, and to what", *_loss(seen), points(told))
    yield from section("Who gets what", _seats(seen))
    sure = [finding for finding in seen.findings if finding.topic == "method"]
    yield from section("How sure that is", _corners(seen), points(sure))


def _loss(seen: WorldFacets) -> Iterator[Block | None]:
    parts = {
        "intent": seen.intent,
        "capability": seen.capability,
        "coordination": seen.coordination,
        "conflict": seen.conflict,
        "lost in all": seen.gap,
    }
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
    yield from section("At a glance", overview(seen.answers))
    for title, claims in seen.answers.items():
        yield from section(worded(title).capitalize(), verdicts(claims))
