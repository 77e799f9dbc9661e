"""Contracts and mediators that language models proposed, voted on and signed: what were they worth, what came of them?

    python examples/contracts_they_signed.py ../shared/data/coopeval --picture signed.svg

reads a folder of CoopEval records (Xiao et al. 2026), lays every proposal round its game as an institution, audits it,
and holds the verdict against what the agents then did. Prints what was proposed by whom, what came of each kind, who
approved, agreed and lost, the control (a zero-sum game), and how well the verdict foretold the gain.
"""

import argparse
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import numpy as np
from _proposed import TINY, WORDS, Verdict
from _signed import Met, Study, agents, by_game, contrast, games, percent, short
from _tables import counted, row, table

BEST, OWN = "best equilibrium in force", "the game's own mean"
SAME = 1e-6
"""Shares that differ by less are the same: the worst play of learners is found by linear programming."""


def proposals(study: Study) -> str:
    """Per agent, how many proposals of each word, of how many; how many sound; how many share the gain evenly."""
    lines = [row("proposed by", *WORDS, "of", "sound", "even")]
    for agent in agents(study):
        own = [d for d in study.designs if d.agent == agent and study.gainful(d)]
        words = Counter(study.verdict(d).word for d in own)
        sound = [study.verdict(d) for d in own if study.verdict(d).sound]
        even = sum(np.ptp(verdict.gains) < TINY for verdict in sound)
        share = counted(len(sound), len(own))
        lines.append(row(short(agent), *(words[word] for word in WORDS), len(own), share, f"{even}/{len(sound)}"))
    return table(*lines)


def audited(study: Study) -> str:
    """Per game, of how many proposals each audit says yes; games without a gain are left out."""
    asks: dict[str, Callable[[Verdict], bool]] = {
        "balanced": lambda verdict: verdict.balanced,
        "delivers": lambda verdict: verdict.delivers,
        "holds": lambda verdict: verdict.delivers and verdict.holds,
        "dominant": lambda verdict: verdict.delivers and verdict.dominant,
        "only": lambda verdict: verdict.least > 1 - TINY,
        "learners": lambda verdict: verdict.learners > 1 - SAME,
        "agreeable": lambda verdict: all(verdict.agreeable),
        "refusable": lambda verdict: verdict.perfect is not None and verdict.perfect[0] < TINY,
    }
    lines = [row("proposed for", "of", *asks)]
    for cell in dict.fromkeys(design.cell for design in study.designs if study.gainful(design)):
        found = [study.verdict(design) for design in study.designs if design.cell == cell]
        lines.append(row(study.games[cell], len(found), *(sum(map(ask, found)) for ask in asks.values())))
    return table(*lines)


def outcomes(study: Study) -> str:
    """Per game and word of the winning proposal: meetings, all agreed, share of the gain, and who lost by it."""
    lines = [row("played under", "word", "meetings", "all bound", "gain", "lost", "slipped")]
    for game in dict.fromkeys(met.game for met in study.met):
        for word in WORDS:
            if some := [met for met in study.met if met.game == game and met.verdict.word == word]:
                agreed = study.mean(some, lambda met: all(met.bound)).within(0, 1)
                gain = study.mean(some, lambda met: met.share).within(-1, 1)
                lost, slips, held = (
                    sum(sum(getattr(met, who)) for met in some) for who in ("lost", "slipped", "bound")
                )
                rate = f"{lost} of {held}: {counted(lost, held)}"
                lines.append(row(game, word, len(some), percent(agreed), percent(gain), rate, slips))
    return table(*lines)


def agents_did(study: Study) -> str:
    """Per agent: approval of others' sound and other proposals, agreement to either when it won, and losses."""
    lines = [row("agent", "likes sound", "likes other", "joins sound", "joins other", "lost", "slipped", "gained")]
    for agent in agents(study):
        liked, joined = {True: [], False: []}, {True: [], False: []}
        lost = slipped = gained = 0
        for met in study.met:
            for seat, name in enumerate(met.meeting.agents):
                if name != agent:
                    continue
                for other, design in enumerate(met.meeting.designs):
                    if other != seat:
                        liked[study.verdict(design).sound].append(met.meeting.approved[seat][other])
                agreed = met.meeting.signed or met.bound
                joined[met.verdict.sound].append(agreed[seat])
                lost, slipped = lost + met.lost[seat], slipped + met.slipped[seat]
                gained += any(met.lost) and not met.lost[seat]
        cells = [counted(sum(some), len(some)) for some in (*liked.values(), *joined.values())]
        lines.append(row(short(agent), *cells, lost, slipped, gained))
    return table(*lines)


def unsigned(study: Study) -> str:
    """Contracts that would have paid everybody, and that somebody left unsigned: how often, who, at what loss."""
    could = [met for met in study.met if met.meeting.signed and met.verdict.sound]
    left = [met for met in could if not all(met.meeting.signed)]
    who = Counter(a for m in left for a, s in zip(m.meeting.agents, m.meeting.signed, strict=True) if not s)
    alone = sum(any(met.meeting.signed) for met in left)
    missed = study.mean(left, lambda met: met.verdict.most - met.share).value
    names = ", ".join(f"{short(agent)} {count}" for agent, count in who.most_common())
    return (
        f"Sound contracts left unsigned: {counted(len(left), len(could))} of {len(could)}, in {alone} of them by one "
        f"seat alone;\nby {names}; missed each time {missed:.0%} of the gain"
    )


def control(study: Study) -> str:
    """Where nothing can be gained: contracts that take from a seat, whether it signed, and its mean points."""
    takes = [met for met in study.control if not all(met.verdict.agreeable)]
    fair = [met for met in study.control if all(met.verdict.agreeable)]
    own = [d for d in study.designs if not study.gainful(d)]
    robs = [d for d in own if not all(study.verdict(d).agreeable)]
    victims = {study.verdict(d).agreeable.index(False) + 1 for d in robs}
    mine = sum(d.seat in victims for d in robs)
    lines = [
        f"- {len(robs)} of {len(own)} zero-sum contracts take from seat {', '.join(map(str, sorted(victims)))}, "
        f"{mine} of them proposed by whoever sits there"
    ]
    for name, some in (("Those that take", takes), ("Those that do not", fair)):
        signed = sum(met.meeting.signed[1] for met in some)
        held = [met for met in some if all(met.bound)]
        points = study.mean(held, lambda met: met.meeting.points[1]).within(-1, 1)
        promised = np.mean([met.verdict.gains[1] for met in held])
        lines.append(
            f"- {name}: seat 2 signs {counted(signed, len(some))} of {len(some)}; in force it gets {points.value:.2f} "
            f"[{points.low:.2f}, {points.high:.2f}], in equilibrium {promised:.2f}"
        )
    return "\n".join(lines)


def foretold(study: Study) -> str:
    """How far the gain was from its best and its worst equilibrium, and from the mean of its game."""
    means = {
        game: study.mean([m for m in study.met if m.game == game], lambda m: m.share).value for game in games(study)
    }
    forecasts: dict[str, Callable[[Met], float]] = {
        BEST: lambda met: abs(met.share - met.verdict.most),
        "worst equilibrium in force": lambda met: abs(met.share - met.verdict.least),
        OWN: lambda met: abs(met.share - means[met.game]),
    }
    lines = [row("forecast of the gain", "off by, % of the gain")]
    lines += [row(name, percent(by_game(study, far).within(0, 2))) for name, far in forecasts.items()]
    better = by_game(study, lambda met: forecasts[BEST](met) - forecasts[OWN](met))
    lines.append(row("the first less the last", percent(better)))
    lines.append(
        row("gain under sound designs less that under others", percent(contrast(study, lambda met: (met.game,))))
    )
    paired = contrast(study, lambda met: (met.game, *sorted(met.meeting.agents)))
    lines.append(row(f"the same between the same agents ({paired.n} meetings)", percent(paired)))
    return table(*lines)


def picture(study: Study) -> str:
    """The share of the gain under each kind of design, game by game, with intervals, as SVG."""
    import vl_convert

    values = []
    for game in games(study):
        for word in WORDS:
            some = [met for met in study.met if met.game == game and met.verdict.word == word]
            if len(some) < 5:
                continue
            gain = study.mean(some, lambda met: met.share).within(-1, 1)
            label = f"{word}, {len(some)} meetings"
            values.append({"game": game, "design": label, "gain": gain.value, "low": gain.low, "high": gain.high})
    y = {"field": "design", "type": "nominal", "sort": None, "title": None, "axis": {"labelLimit": 240}}
    x = {"field": "gain", "type": "quantitative", "title": "share of the gain", "axis": {"tickCount": 7}}
    scale = {"domain": [-0.4, 1], "nice": False}
    layers = [
        {
            "mark": {"type": "rule", "color": "#2466ab", "strokeWidth": 2, "clip": True},
            "encoding": {"x": {**x, "field": "low", "scale": scale}, "x2": {"field": "high"}, "y": y},
        },
        {"mark": {"type": "point", "filled": True, "size": 70, "color": "#2466ab"}, "encoding": {"x": x, "y": y}},
    ]
    chart = {
        "data": {"values": values},
        "facet": {
            "row": {
                "field": "game",
                "sort": games(study),
                "title": None,
                "header": {"labelOrient": "top", "labelAnchor": "start"},
            }
        },
        "spec": {"width": 420, "height": {"step": 26}, "layer": layers},
        "resolve": {"scale": {"y": "independent"}},
    }
    return vl_convert.vegalite_to_svg(chart, vl_version="5.21", allowed_base_urls=[])


def main(words: list[str] | None = None) -> None:
    """Read the command line, and print the tables."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folder", type=Path, help="of CoopEval records, with designs and institutions")
    parser.add_argument("--picture", type=Path, metavar="FILE", help="also draw the gains, as SVG")
    given = parser.parse_args(words)
    study = Study.of(given.folder)
    for part in (audited, proposals, outcomes, agents_did, unsigned, control, foretold):
        print(part(study), end="\n\n")
    if given.picture:
        given.picture.write_text(picture(study), encoding="utf-8")


if __name__ == "__main__":
    main()
