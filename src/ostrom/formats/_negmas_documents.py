"""What NegMAS dumps as YAML or JSON: issues, and utilities that are additive or tabulated."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product
from typing import Any

from ostrom.core.errors import InputError
from ostrom.core.forms.negotiation import Negotiation

from ._nested import label, shown
from ._scenario_parts import Issues, Profile, amount, finite_or_least, ordered, parts_of, whole_range
from ._text import at


def is_domain(root: Any, where: str) -> bool:
    if not isinstance(root, dict):
        raise InputError(f"{where}: it holds {shown(root)}.", "A domain or profile has names.", "Give one.")
    return "issues" in root


def issues_in(root: Mapping[str, Any], where: str) -> Issues:
    found: dict[str, tuple[str, ...]] = {}
    with at(where):
        if not isinstance(root["issues"], list) or not root["issues"]:
            raise InputError(f"issues are {shown(root['issues'])}.", "", "Give a list of issues.")
        for issue in root["issues"]:
            if not isinstance(issue, dict) or not {"name", "values"} <= set(issue):
                raise InputError(f"an issue is {shown(issue)}.", "It has a name and values.", "Give both.")
            name, kind, values = label(issue["name"], "an issue"), str(issue.get("type", "")), issue["values"]
            if name in found:
                raise InputError(f"the issue {name!r} stands twice.", "", "Give each its own name.")
            if "Continuous" in kind or "Callable" in kind:
                raise InputError(f"issue {name!r} is a {kind[:40]}.", "Only discrete issues are read.", "List options.")
            found[name] = _options(values, kind, name)
    return found


def _options(values: Any, kind: str, issue: str) -> tuple[str, ...]:
    """Options as words: of a list, of bounds of whole numbers, or of a number of them from 0 on."""
    if isinstance(values, int) and not isinstance(values, bool):
        return whole_range(0, values - 1, issue)
    if not isinstance(values, list) or not values:
        raise InputError(f"the values of {issue!r} are {shown(values)}.", "", "Give a list of options.")
    if kind.endswith("ContiguousIssue") and len(values) == 2:
        return whole_range(values[0], values[1], issue)
    options = tuple(str(one) if isinstance(one, float) else label(one, issue) for one in values)
    if len(set(options)) < len(options):
        raise InputError(f"two options of issue {issue!r} are alike.", "", "Give each its own name.")
    return options


def profile_in(root: Mapping[str, Any], where: str, stem: str, issues: Issues) -> Profile:
    with at(where):
        name, kind = str(root.get("name") or stem), str(root.get("type", ""))
        reservation = finite_or_least(root.get("reserved_value"))
        if "mapping" in root:
            return Profile(name, reservation, table=_tabulated(root["mapping"], issues))
        values, weights = root.get("values"), root.get("weights")
        if isinstance(values, dict):
            values = [values.get(issue) for issue in issues]
        if not isinstance(values, list) or len(values) != len(issues):
            raise InputError(
                f"a {kind[:40] or 'profile'} with values {shown(values)} for {len(issues)} issues.",
                "Only additive utilities (LinearAdditiveUtilityFunction) and tables (MappingUtilityFunction) are read.",
                "Turn it into one of them.",
            )
        rows = [1.0] * len(issues) if weights is None else weights
        if not isinstance(rows, list) or len(rows) != len(issues):
            raise InputError(f"weights are {shown(rows)} for {len(issues)} issues.", "", "Give one for each issue.")
        bias = root.get("bias")
        if bias not in (None, 0):
            raise InputError(f"the utilities have a bias of {shown(bias)}.", "", "Add it to the values of one issue.")
        valued = [_valued(own, issue, options) for own, (issue, options) in zip(values, issues.items(), strict=True)]
        return Profile(name, reservation, tuple(amount(one, "weight") for one in rows), tuple(valued))


def _valued(own: Any, issue: str, options: tuple[str, ...]) -> tuple[float, ...]:
    """What the options of an issue are worth: a table, the number itself, or a straight line of it."""
    if not isinstance(own, dict):
        raise InputError(f"issue {issue!r} is valued by {shown(own)}.", "", "Give a mapping of options to values.")
    kind = str(own.get("type", "TableFun"))
    if "mapping" in own or "type" not in own:
        given = own.get("mapping", own)
        if not isinstance(given, dict):
            raise InputError(f"the mapping of {issue!r} is {shown(given)}.", "", "Give options and values.")
        read = {str(option): amount(value, f"value of {option!s:.40}") for option, value in given.items()}
        return ordered(options, read, issue)
    lines = {"IdentityFun": (1.0, 0.0), "LinearFun": (own.get("slope"), 0.0), "ConstFun": (0.0, own.get("bias"))}
    lines["AffineFun"] = (own.get("slope"), own.get("bias", 0.0))
    if kind not in lines:
        known = ", ".join(["TableFun", *lines])
        raise InputError(f"issue {issue!r} is valued by a {kind[:40]}.", f"Read are {known}.", "Write a table.")
    slope, start = (amount(one, f"number of {kind}") for one in lines[kind])
    return tuple(start + slope * (amount(one, f"option of {issue!r}") if slope else 0.0) for one in options)


def _tabulated(given: Any, issues: Issues) -> tuple[float, ...]:
    """Utilities of all outcomes, the last issue fastest."""
    if not isinstance(given, dict):
        raise InputError(f"the mapping is {shown(given)}.", "", "Give outcomes and values.")
    read = {}
    for outcome, value in given.items():
        key = tuple(map(str, outcome)) if isinstance(outcome, tuple) else (str(outcome),)
        read[key] = amount(value, "utility")
    wanted = list(product(*issues.values())) if len(given) <= 1_000_000 else []
    missing = [one for one in wanted if one not in read]
    if missing or len(read) != len(wanted):
        raise InputError(
            f"there are utilities for {len(read)} outcomes of {len(wanted)}.",
            f"Missing is {missing[0]}." if missing else "",
            "Give every outcome one.",
        )
    return tuple(read[one] for one in wanted)


def documents(negotiation: Negotiation) -> list[dict[str, Any]]:
    issues = [
        {"name": name, "type": "CategoricalIssue", "values": list(options)}
        for name, options in zip(negotiation.issues, negotiation.options, strict=True)
    ]
    found: list[dict[str, Any]] = [
        {"name": negotiation.name, "type": "DiscreteCartesianOutcomeSpace", "issues": issues, "path": None}
    ]
    for k, (weights, values) in enumerate(parts_of(negotiation)):
        tables = [
            {"type": "TableFun", "mapping": dict(zip(options, own, strict=True))}
            for options, own in zip(negotiation.options, values, strict=True)
        ]
        found.append(
            {
                "name": negotiation.parties[k],
                "type": "LinearAdditiveUtilityFunction",
                "reserved_value": float(negotiation.reservations[k]),
                "weights": list(weights),
                "values": tables,
            }
        )
    return found
