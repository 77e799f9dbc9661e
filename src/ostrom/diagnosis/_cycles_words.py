"""What is said about rankings that hold or do not."""

from __future__ import annotations

from collections.abc import Sequence

from ..core.claim import Finding
from ._elo import COPIES, Elo
from ._learning_apart import NEAR, Lesson
from ._reply_graph import Replies
from ._tables import counted, listed, opened, percent
from ._tournament import Tournament

NAMED = 6
"""Moves named in a row; of more, the first and the last ones."""

WRONG = 0.1
"""By how much a predicted win rate has to be wrong for a sentence."""

BALDUZZI = "Balduzzi, Tuyls, Perolat and Graepel (2018); Balduzzi et al. (2019)"
SOURCES = {
    "ranking": BALDUZZI,
    "replies": "Best-reply graph; Young (1993). Candogan, Menache, Ozdaglar and Parrilo (2011)",
    "elo": "Elo (1978); Bradley and Terry (1952); copies as in " + BALDUZZI,
    "learning": "Hofbauer and Sigmund (1998); Brown (1951); Hart and Mas-Colell (2000)",
}


def ranking_finding(found: Tournament, players: tuple[str, ...]) -> Finding:
    """Whether a ranking holds."""
    names = found.moves
    if found.circles:
        said = f"no ranking holds: {_chain(names, found.circles[0])}; "
        said += f"{percent(found.share)} of the differences are cyclic"
        said += f", with {counted(found.count - 1, 'more such triple')}." if found.count > 1 else "."
    elif not found.ratings.any() and found.share == 0:
        said = "all moves are even: none gets more than another when they meet."
    else:
        said = f"a ranking holds: nobody beats anyone placed before it in {_row(names, found.order)}"
        said += f" ({percent(found.share)} of the differences do not add up to ratings)." if found.share > 5e-3 else "."
    said = opened(said) if found.constant else f"By who gets more when two meet, {said}"
    numbers = {
        "cyclic share": found.share,
        "ratings": dict(zip(names, found.ratings.tolist(), strict=True)),
        "intransitive triples": found.count,
        "circles": [[names[k] for k in circle] for circle in found.circles],
        "weakest links": [found.link(circle) for circle in found.circles],
        "discs": [disc.strength for disc in found.discs],
        "order": [names[k] for k in found.order],
    }
    return Finding("cycles", said, players, numbers, SOURCES["ranking"])


def replies_finding(
    found: Replies, circulating: float, players: tuple[str, ...], moves: tuple[tuple[str, ...], ...], apart: bool
) -> Finding:
    """Where best replies lead; with `apart`, also the share of gains that follow no potential."""
    pure = f"{found.equilibria:,} pure {'equilibrium' if found.equilibria == 1 else 'equilibria'}"
    if found.circling:
        way = _ring(moves[0], found.round) if found.round else _ways(found.circle, moves)
        said = f"Best replies run round {way} for ever"
        said += f", or lead to {pure}, by where they start" if found.equilibria else ": there is no pure equilibrium"
        said += f"; {percent(circulating)} of what switching gains follows no potential." if apart else "."
    elif found.equilibria == 1:
        said = "Best replies lead to the one pure equilibrium from every joint move."
    else:
        said = f"Best replies lead to one of {pure} from every joint move."
    numbers = {
        "pure equilibria": found.equilibria,
        "circling sets": found.circling,
        "sizes of circling sets": [len(sink) for sink in found.sinks if len(sink) > 1][:NAMED],
        "circle": [[own[k] for own, k in zip(moves, place, strict=True)] for place in found.circle],
        "share of gains that follow no potential": circulating,
    }
    return Finding("cycles", said, players, numbers, SOURCES["replies"])


def rating_finding(found: Elo, players: tuple[str, ...], names: tuple[str, ...]) -> Finding:
    """What Elo would say, and where that misleads."""
    a, b = found.worst
    off = f"it expects {names[a]} to beat {names[b]} {percent(found.predicted[a, b])} of the time, which it does "
    off += percent(found.actual[a, b])
    if found.beaten_by:
        who = listed(tuple(names[k] for k in found.beaten_by[:NAMED]))
        beats = "beats" if len(found.beaten_by) == 1 else "beat"
        said = f"Elo would rank {names[found.top[0]]} first, yet {who} {beats} it; {off}."
    else:
        tied = "and nothing beats it" if len(found.top) == 1 else "all alike"
        said = f"Elo would rank {_shortened([names[k] for k in found.top], ', ')} first, {tied}"
        said += f"; {off}." if found.error > WRONG else "."
    if found.copied is not None:
        whose, new = (names[k] for k in found.copied)
        said += f" {COPIES} copies of {whose} instead of one would put {new} first."
    numbers = {
        "ratings": dict(zip(names, found.ratings.tolist(), strict=True)),
        "first": None if found.first is None else names[found.first],
        "beaten by": [names[k] for k in found.beaten_by],
        "largest error": found.error,
        "copies of": None if found.copied is None else names[found.copied[0]],
        "then first": None if found.copied is None else names[found.copied[1]],
    }
    return Finding("cycles", said, players, numbers, SOURCES["elo"])


def learning_finding(found: Sequence[Lesson], players: tuple[str, ...], seed: int) -> Finding | None:
    """What independent learners do: whether the last thing they play, or their average, is near an equilibrium."""
    if not found:
        return None
    groups = {verdict: [one for one in found if one.verdict == verdict] for verdict in _VERDICTS}
    said = opened("; ".join(_said(verdict, group) for verdict, group in groups.items() if group))
    moving = len(groups["settles"]) < len(found)
    said += " (regret, as a share of the range of payoffs)." if moving else "."
    if groups["its average settles"]:
        said += " So it is the average over time, or a population of past policies, that should be kept."
    numbers = {one.method: {"last regret": one.last, "average regret": one.average} for one in found}
    numbers |= {"seed": seed, "near": NEAR}
    return Finding("cycles", said, players, numbers, SOURCES["learning"])


_VERDICTS = {
    "its average settles": "under {who} what is played last stays {last} from equilibrium, while its average over time "
    "comes within {average}",
    "does not settle": "under {who} neither what is played last comes near an equilibrium ({last} away) nor its "
    "average over time ({average})",
    "settles": "under {who} play settles",
}
"""What is said of rules by how they end; distances are regrets."""


def _said(verdict: str, group: Sequence[Lesson]) -> str:
    last, average = (max(getattr(one, which) for one in group) for which in ("last", "average"))
    who = listed(tuple(one.method for one in group))
    return _VERDICTS[verdict].format(who=who, last=_distance(last), average=_distance(average))


def _distance(share: float) -> str:
    return percent(share) if share >= 0.005 else "less than 1 %"


def _chain(names: Sequence[str], circle: Sequence[int]) -> str:
    return " beats ".join(names[k] for k in (*circle, circle[0]))


def _ring(names: Sequence[str], circle: Sequence[int]) -> str:
    return _shortened([names[k] for k in (*circle, circle[0])], " → ")


def _ways(circle: Sequence[tuple[int, ...]], moves: tuple[tuple[str, ...], ...]) -> str:
    named = [f"({', '.join(own[k] for own, k in zip(moves, place, strict=True))})" for place in circle]
    return _shortened([*named, named[0]], " → ")


def _row(names: Sequence[str], order: Sequence[int]) -> str:
    return _shortened([names[k] for k in order], ", ")


def _shortened(parts: list[str], word: str) -> str:
    return word.join(parts if len(parts) <= NAMED + 2 else [*parts[:NAMED], "…", parts[-1]])
