"""What the search for a mechanism came to, in words and as claims."""

from __future__ import annotations

from ..audits.impossibility import myerson_satterthwaite
from ..core.claim import Claim
from ..core.errors import InputError
from ..core.game import Array
from ._mechanism_asked import Terms
from ._mechanism_certificate import MechanismCertificate, families
from ._mechanism_search import Found

EXACT = 1e-6
"""Tolerance, in largest values, of what is called proved."""


def sentence(found: Found, value: float, possible: Array | None) -> str:
    """One or two sentences."""
    what, terms = asked(found.terms), found.terms
    if found.status == "infeasible" and found.certificate is not None:
        shares = ", ".join(f"{name} {share:.0%}" for name, share in families(found.certificate.prices).items())
        said = f"No mechanism {what}: whatever is done, some part of it is missed by at least {-found.bound:.4g}."
        return f"{said} Against it speak {shares}, most of all {'; '.join(found.conflict)}.{_theorem(terms)}"
    if found.status == "infeasible":
        return f"No mechanism without lots {what}, though some that draw lots do."
    if found.status == "unbounded":
        return f"The objective has no bound over the mechanisms that {what}."
    if found.certificate is None or possible is None:
        ended = "ran out of time" if found.status == "timed out" else "came to no usable end"
        return f"The search for a mechanism that {what} {ended}."
    if found.status == "failed":
        return f"The mechanism that was found does not bear checking: {_broken(found.certificate)}."
    best = "is the best" if found.status == "optimal" else f"is at most {found.bound - value:.4g} below the best"
    single = int((possible.sum(-1) == 1).sum())
    if single == terms.combinations:
        ties = f" Its prices leave a single outcome at each of the {terms.combinations} combinations of types."
    else:
        ties = f" Its prices leave a single outcome at {single} of {terms.combinations} combinations of types; at the "
        ties += "others another mechanism may be as good."
    return f"A mechanism of {terms.objective} {value:.6g} {best} that {what}.{ties}"


def _theorem(terms: Terms) -> str:
    """Myerson and Satterthwaite's, with the money that is missing if all else is kept; empty where it is not theirs.

    What is best whatever others say is so on average, and who never loses does not expect to: more is asked, not less.
    """
    space = terms.space
    efficient = space.welfare == space.welfare.max(-1, keepdims=True)
    theirs = terms.payments and terms.budget and terms.participation and space.independent
    if not theirs or (terms.allowed & ~efficient).any():
        return ""
    try:
        found = myerson_satterthwaite(space)
    except InputError:  # too large for exact numbers, or a type that never comes
        return ""
    if not found.applies or "least deficit" not in found.claim.numbers:
        return ""
    least = found.claim.numbers["least deficit"]
    return (
        f" This is the setting of {found.theorem}: with all else kept, at least {least:.4g} has to come from outside "
        "on average over types (audits.impossibility)."
    )


def asked(terms: Terms) -> str:
    """What a mechanism has to do, as the end of "a mechanism that …"."""
    truth = "whatever others say" if terms.incentives == "dominant" else "if others tell it"
    parts = [f"makes the truth best {truth}"]
    if terms.participation:
        parts.append("leaves nobody worse off than outside" + (" on average" * (terms.participation == "interim")))
    parts += ["moves no money"] if not terms.payments else []
    if terms.payments and terms.budget:
        parts.append("needs no money from outside" if terms.budget == "no deficit" else "keeps all money inside")
    if not terms.allowed.all():
        parts.append("chooses among what is allowed")
    return " and ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)


def claims(certificate: MechanismCertificate | None) -> tuple[Claim, ...]:
    """What holds of a mechanism, from its tables; without a certificate nothing."""
    if certificate is None:
        return ()
    terms, checked = certificate.terms, certificate.check()
    unit = certificate.reach / 1_000
    near, prices = EXACT * unit, "weak duality, from prices on all that is asked, in float64"
    limits = f", with payments of at most {certificate.reach:g} each" if terms.payments else ""
    if certificate.mechanism is None:
        said = f"No mechanism {asked(terms)}{limits}."
        return (Claim(said, "proved", prices, near, {"missed by": -float(checked.bound)}),)
    tables = "all types and reports, in float64"
    truth = "whatever others say" if terms.incentives == "dominant" else "if others tell the truth"
    found = [_held(f"No type gains by a lie, {truth}.", checked.gain, near, tables, "gain")]
    if checked.least is not None:
        found.append(_held("Nobody has less by taking part than outside.", -checked.least, near, tables, "loss"))
    if checked.deficit is not None:
        budget = "No money comes from outside" + (" or is left." if terms.budget == "balanced" else ".")
        found.append(_held(budget, checked.deficit, near, tables, "missing"))
    most = f"{terms.objective} above {float(checked.bound):.6g}"
    said = f"No mechanism that {asked(terms)}, lots or not, has {most}{limits}."
    numbers = {"bound": float(checked.bound), "value": float(checked.value)}
    return (*found, Claim(said, "proved", prices, near, numbers))


def _held(statement: str, missed: float, near: float, method: str, name: str) -> Claim:
    numbers = {name: float(missed)}
    if missed > near:
        return Claim(statement, "refuted", method, near, numbers, witness=numbers)
    return Claim(statement, "proved", method, max(near, float(missed)), numbers)


def _broken(certificate: MechanismCertificate) -> str:
    checked = certificate.check()
    said = [f"a lie gains {checked.gain:.3g}"]
    said += [f"somebody gets {checked.least:.3g}"] if checked.least is not None else []
    said += [f"{checked.deficit:.3g} is missing in the till"] if checked.deficit is not None else []
    return ", ".join(said)
