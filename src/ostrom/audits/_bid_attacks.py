"""Other things that a bidder could say in an auction of bundles: other prices, other bundles, other names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from ..choice.combinatorial_auction import Language, combinatorial_auction

Bundle = tuple[str, ...]
Table = dict[str, dict[Bundle, float]]

FACTORS = (0.0, 0.25, 0.5, 0.75, 0.9, 1.1, 1.5, 2.0)
"""What true prices are multiplied by."""

ABOVE = 0.01
"""By how much more than just enough is offered, as a share of the true price."""

PARTS = 6
"""Items of a bundle up to which all ways to divide it are tried."""


class Attack(NamedTuple):
    """What is said instead: the bids of each name that the bidder uses; the first is its own."""

    how: str
    bids: Table


def tables(values: Mapping[str, Mapping[Any, float]]) -> Table:
    """Bids with every bundle as a tuple of names, in order of the alphabet."""
    return {
        who: {(bundle,) if isinstance(bundle, str) else tuple(sorted(bundle)): float(x) for bundle, x in own.items()}
        for who, own in values.items()
    }


def misreports(values: Table, bidder: str, language: Language) -> Iterator[Attack]:
    """All prices times a factor; one bundle only, times a factor; or one bundle only, for just enough to win it."""
    own = values[bidder]
    for factor in FACTORS:
        yield Attack(f"all prices times {factor:g}", {bidder: {b: factor * x for b, x in own.items()}})
    for bundle, worth in own.items() if len(own) > 1 else ():
        for factor in (1.0, *FACTORS[1:]):
            yield Attack(f"only {', '.join(bundle)}, times {factor:g}", {bidder: {bundle: factor * worth}})
    for bundle, worth in own.items():
        enough = just_enough(values, bidder, bundle, language) + ABOVE * worth
        yield Attack(f"only {', '.join(bundle)}, for {enough:.6g}", {bidder: {bundle: enough}})


def false_names(values: Table, bidder: str, names: int, language: Language) -> Iterator[Attack]:
    """Each bundle cut into two to `names` parts, each bid for under a name of its own: for so much that it surely wins,
    for its share of the true price, or for its share of just enough to win all."""
    high = 3 * sum(x for own in values.values() for x in own.values()) or 1.0
    for bundle, worth in values[bidder].items():
        if not 2 <= len(bundle) <= PARTS:
            continue
        enough = just_enough(values, bidder, bundle, language) + ABOVE * worth
        for parts in partitions(bundle, names):
            called = (bidder, *(_fresh(values, bidder, k) for k in range(2, len(parts) + 1)))
            shares = [len(part) / len(bundle) for part in parts]
            for how, offers in (
                ("for more than all others have", [high] * len(parts)),
                ("for shares of the true price", [worth * share for share in shares]),
                ("for shares of just enough", [enough * share for share in shares]),
            ):
                bids = {who: {part: x} for who, part, x in zip(called, parts, offers, strict=True)}
                yield Attack(f"{' | '.join(', '.join(part) for part in parts)} under {len(parts)} names, {how}", bids)


def just_enough(values: Table, bidder: str, bundle: Bundle, language: Language) -> float:
    """What the others would offer for everything, less what they would offer without the bundle."""
    others = {who: own for who, own in values.items() if who != bidder}
    rest = {who: {b: x for b, x in own.items() if not set(b) & set(bundle)} for who, own in others.items()}
    return _most(others, language) - _most(rest, language)


def _most(bids: Table, language: Language) -> float:
    return combinatorial_auction(bids, language=language, payments="bid").value if bids else 0.0


def partitions(bundle: Bundle, most: int) -> Iterator[tuple[Bundle, ...]]:
    """The ways to cut a bundle into two or more parts, at most `most`, each once."""
    for cut in _cuts(bundle):
        if 2 <= len(cut) <= most:
            yield cut


def _cuts(bundle: Bundle) -> Iterator[tuple[Bundle, ...]]:
    """Each item in turn is put to one of the parts so far, or begins one."""
    if not bundle:
        yield ()
        return
    for cut in _cuts(bundle[:-1]):
        for k, part in enumerate(cut):
            yield (*cut[:k], (*part, bundle[-1]), *cut[k + 1 :])
        yield (*cut, (bundle[-1],))


def _fresh(values: Table, bidder: str, k: int) -> str:
    """A name that nobody has."""
    name = f"{bidder} ({k})"
    while name in values:
        name += "'"
    return name
