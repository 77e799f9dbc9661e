"""What was discovered, in a sentence."""

from __future__ import annotations

from typing import Any

from ._norm_amounts import Amount


def sentence(found: Any) -> str:
    """Of a `Discovery`."""
    what = {"sanctions": "sanctions", "peers": "punishment among peers", "reputation": "help"}[found.family]
    if found.norm is None:
        return f"No norm behind {what} can be told: none sorts those who were hit from the others."
    weighed = f"evidence {found.evidence:.1f} nats, {found.needed:.1f} needed"
    if not found.found:
        return (
            f"Nothing shows a norm behind {what}: the best of {len(found.norms):,} is {found.norm.words} ({weighed})."
        )
    odds = f"{found.hit:.2f} of those who break it are hit, and {found.mistaken:.2f} of those who keep it"
    if found.family == "reputation":
        odds = f"{found.hit:.2f} of moves follow it, and {found.mistaken:.2f} of judgements do not"
    said = {"sanctions": "Sanctioned is", "peers": "Punished among peers is", "reputation": "Help follows"}[
        found.family
    ]
    held = (
        f"on {found.decisions:,} decisions held out it foretells {found.gain.words} nats more per decision than no norm"
    )
    alike = _listed("The same of all that was seen say", found.same) + _listed("Not ruled out:", found.rivals)
    paid = f", {_paid(found.amount)}" if found.amount else ""
    return f"{said} {found.norm.words}{paid}: {odds}; {held} ({weighed}).{alike}"


def _paid(amount: Amount) -> str:
    numbers = [f"{number:g}" for number in amount.numbers]
    forgotten = f", forgotten after {amount.forgotten} rounds" if amount.forgotten else ""
    return {
        "fixed": f"at {numbers[0]}",
        "by label": f"at {', '.join(numbers)}",
        "by amount": f"at {numbers[0]} a unit",
        "by excess": f"at {numbers[0]} a unit beyond",
        "both": f"at {numbers[0]} and {numbers[-1]} a unit beyond",
        "graduated": f"at {', '.join(numbers)} by earlier violations{forgotten}",
    }[amount.scheme]


def _listed(says: str, norms: Any) -> str:
    if not norms:
        return ""
    more = f" and {len(norms) - 3} more" if len(norms) > 3 else ""
    return f" {says} {'; '.join(norm.words for norm in norms[:3])}{more}."
