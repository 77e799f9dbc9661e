"""Principle 4: whether what is done is observed."""

from __future__ import annotations

import numpy as np

from ._principle_changes import few, others, varied
from ._principle_monitors import Watch
from ._principle_probe import Probe
from ._principle_seen import TOLERANCE, key
from ._principle_words import Principle
from ._tables import listed, opened


def monitoring(probe: Probe, bound: set[int], found: list[Watch]) -> Principle:
    """4: whether what is done is observed: answered by the rules, kept by them, or seen by who can answer."""
    name = ("monitoring", "4")
    if probe.act is None:
        return Principle(*name, "not applicable", "The moves of the game are replaced by others.")
    odds, who, moves = _answered(probe)
    if odds > 0:
        share = "" if odds > 1 - 1e-9 else f", with odds {odds:.3g}"
        words = f"Whether {who[0]} does {moves[0]!r} or {moves[1]!r} shows in what is paid{share}."
        return Principle(*name, "holds", words, who, {"odds": odds}, probe.sampled)
    if kept := _kept(probe):
        words = f"What {kept[0]} does is remembered: {kept[1]!r} leaves another record than {kept[2]!r}."
        return Principle(*name, "holds", words, kept[:1], {"record": list(kept[3:])}, probe.sampled)
    seers = sorted({watch.seat for watch in found if _sees(probe, watch)})
    if seers:
        words = f"{opened(listed(probe.names(seers)))} see what is done and can answer it."
        return Principle(*name, "holds", words, probe.names(seers), sampled=probe.sampled)
    if not bound:
        return Principle(*name, "not applicable", "The rules bind nobody.", sampled=probe.sampled)
    if _closes(probe):
        return Principle(*name, "not applicable", "Moves are closed off or carried out, and nobody has to watch them.")
    words = "What is done changes nothing: it is neither answered nor remembered, and nobody who sees it can answer."
    return Principle(*name, "fails", words, sampled=probe.sampled)


def _answered(probe: Probe) -> tuple[float, tuple[str, ...], tuple[str, str]]:
    """With which odds the dice let two moves of a seat be paid differently, at most; the seat, and the moves."""
    best = (0.0, (), ("", ""))
    assert probe.act is not None
    for records in probe.records[:3]:
        seen = few(probe, records)
        situations = probe.taken(seen, np.arange(len(seen.weight)))[0]
        here = probe.crossed(records, situations)
        weight = here.weight.reshape(-1, len(probe.lucks[1]))
        for seat in [0, *others(probe, 0)]:
            either = list(varied(probe, records, here, probe.act, seat).items())
            for high, (label, one) in enumerate(either):
                for other, two in either[:high]:
                    apart = (np.abs(one.paid - two.paid) > TOLERANCE).any(-1) & one.legal & two.legal
                    odds = ((apart.reshape(weight.shape) * weight).sum(-1) / weight.sum(-1)).max(initial=0.0)
                    if odds > best[0] + TOLERANCE:
                        best = float(odds), probe.names((seat,)), (label, other)
    return best


def _kept(probe: Probe) -> tuple[str, ...]:
    """A seat, two of its moves after which other records are kept, and the names of those; nothing if there is none."""
    if probe.charter.memory == "none" or probe.act is None:
        return ()
    seen = few(probe, probe.founded, 8)
    for seat in range(probe.players):
        either = list(varied(probe, probe.founded, seen, probe.act, seat).items())
        for label, chosen in either[1:]:
            for row in np.flatnonzero(chosen.legal & either[0][1].legal):
                one, other = (probe.after(probe.founded, s, int(row)) for s in (chosen, either[0][1]))
                if key(one) != key(other):
                    pairs = [(k, a[k], b[k]) for a, b in zip(one, other, strict=True) for k in a]
                    changed = [k for k, a, b in pairs if not np.array_equal(a, b)]
                    return (*probe.names((seat,)), label, either[0][0], *changed)
    return ()


def _sees(probe: Probe, watch: Watch) -> bool:
    """Whether moves of the game are shown before the monitor chooses."""
    seen = few(probe, probe.founded, 4)
    hidden = probe.view(probe.founded, seen, probe.stage[watch.part]).hidden
    return probe.stage[watch.part] > probe.stage["act"] and "act" not in hidden


def _closes(probe: Probe) -> bool:
    """Whether the rules close moves of the game, or act in a seat's place."""
    assert probe.act is not None
    for records in probe.records:
        seen = probe.rounds(records)
        here = seen.levels[-1].get("act")
        if here is not None and (here != seen.deeds)[seen.legal].any():
            return True
        for seat in range(probe.players):
            if (~seen.masks["act"][:, seat, : len(probe.labels(probe.act, seat))]).any():
                return True
    return False
