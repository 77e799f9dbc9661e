"""Do bidders gain by lies in an auction of bundles? Other prices, and false names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ..choice.combinatorial_auction import CombinatorialAuction, Language, Payments, combinatorial_auction
from ..core._numbers import count
from ..core.claim import Claim
from ..core.errors import InputError, TooLarge
from ._bid_attacks import Attack, Bundle, Table, false_names, misreports, tables

NEAR = 1e-7
"""What a gain may be, in highest prices, to count as none."""


def bidding(
    values: Mapping[str, Mapping[Any, float]],
    *,
    language: Language = "xor",
    payments: Payments = "vcg",
    names: int = 2,
    limit: int = 5_000,
) -> tuple[Claim, ...]:
    """Whether the truth serves each bidder best in a combinatorial auction, if others tell it.

    Three claims. No group of bidders could offer the seller more than it gets (a core payment; exact). No bidder gains
    by other prices, and none by bidding under several names (false names, or shills: Yokoo, Sakurai and Matsubara
    2004). For these two every statement of a list is tried: a gain is a witness that replays, and without one the claim
    is supported, not proved: the list is not all that could be said.

    Parameters
    ----------
    values : what bundles are worth to each bidder, as bids of `combinatorial_auction`.
    language, payments : as there.
    names : under how many names a bidder may bid, at least 2.
    limit : statements to try at most.

    Raises
    ------
    InputError : bids that cannot be read, fewer than two names. TooLarge : more statements than `limit`.

    Examples
    --------
    >>> claims = bidding({"A": {("x", "y"): 3}, "B": {("x", "y"): 2}})
    >>> [claim.verdict for claim in claims], claims[2].witness["gain"]
    (['proved', 'supported', 'refuted'], 2.0)
    """
    names, limit = count(names, "number of names"), count(limit, "number of statements", 0)
    if names < 2:
        raise InputError(f"Up to {names} names.", "One name is no false name.", "Give at least 2.")
    truth = combinatorial_auction(values, language=language, payments=payments)
    known = tables(values)
    case = _Auction(known, language, payments, truth)
    lies = [(who, attack) for who in known for attack in misreports(known, who, language)]
    shills = [(who, attack) for who in known for attack in false_names(known, who, names, language)]
    if len(lies) + len(shills) > limit:
        raise TooLarge(
            f"{len(lies) + len(shills):,} statements to try.",
            f"That is more than {limit:,}.",
            "Raise limit=, or give fewer bids, smaller bundles or fewer names.",
        )
    return (
        _stable(truth),
        case.tried("No bidder gains by other prices", lies),
        case.tried(f"No bidder gains by bidding under up to {names} names", shills),
    )


class _Auction:
    """An auction in which all tell the truth, and what changes when one does not."""

    def __init__(self, values: Table, language: Language, payments: Payments, truth: CombinatorialAuction) -> None:
        self.values = values
        self.language: Language = language
        self.payments: Payments = payments
        self.unit = max((x for own in values.values() for x in own.values()), default=0.0) or 1.0
        self.before = {who: self._gets(truth, who, [who]) for who in values}

    def tried(self, statement: str, attacks: list[tuple[str, Attack]]) -> Claim:
        """The claim that none of these gains, or the one that gains most (of equal ones the first)."""
        method = "a list of statements, tried one after another"
        gains = [self._gain(who, attack) for who, attack in attacks]
        most = max(gains, default=0.0)
        near = NEAR * self.unit
        numbers = {"n": len(attacks), "most gained": max(most, 0.0)}
        if most <= near:
            said = f"{statement}, in any of {len(attacks):,} ways that were tried."
            return Claim(said, "supported" if attacks else "unknown", method, near, numbers)
        who, attack = attacks[gains.index(most)]
        witness = {
            "bidder": who,
            "names": tuple(attack.bids),
            "how": attack.how,
            "bids": self._said(who, attack),
            "before": self.before[who],
            "gain": most,
        }
        return Claim(f"{statement}.", "refuted", method, near, numbers, witness)

    def _gain(self, who: str, attack: Attack) -> float:
        found = combinatorial_auction(self._said(who, attack), language=self.language, payments=self.payments)
        return self._gets(found, who, attack.bids) - self.before[who]

    def _said(self, who: str, attack: Attack) -> Table:
        """All bids, those of the bidder and its other names where its own were."""
        bids: Table = {}
        for name, own in self.values.items():
            bids |= attack.bids if name == who else {name: own}
        return bids

    def _gets(self, found: CombinatorialAuction, who: str, names: Iterable[str]) -> float:
        """What all that the names won is worth to the bidder, less what they pay."""
        used = tuple(names)
        items = tuple(item for name in used for item in found.won.get(name, ()))
        return self._worth(who, items) - sum(found.paid[name] for name in used)

    def _worth(self, who: str, items: Bundle) -> float:
        inside = {bundle: x for bundle, x in self.values[who].items() if set(bundle) <= set(items)}
        if self.language == "xor" or not inside:
            return max(inside.values(), default=0.0)
        return combinatorial_auction({who: inside}, language="or", payments="bid").value


def _stable(truth: CombinatorialAuction) -> Claim:
    said = "No group of bidders could offer the seller more than it gets, and gain no less."
    method = "the best allocation after what each keeps, by branch and bound"
    if truth.violation is None:
        return Claim(said, "proved", method, NEAR * max(truth.value, 1.0), {"revenue": truth.revenue})
    found = truth.violation
    sold = {bid.bidder: list(bid.bundle) for bid in found.bids}
    witness = {"coalition": found.coalition, "bundles": sold, "gain": found.gain}
    return Claim(said, "refuted", method, NEAR * max(truth.value, 1.0), {"revenue": truth.revenue}, witness)
