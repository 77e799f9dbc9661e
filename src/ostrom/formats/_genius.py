"""Genius's XML: a domain of issues, and a utility profile for each party."""

from __future__ import annotations

from xml.sax.saxutils import quoteattr

from ostrom.core.errors import InputError
from ostrom.core.forms.negotiation import Negotiation

from ._scenario_parts import Issues, Profile, amount, finite_or_least, ordered, parts_of, whole_range
from ._text import at, listed, written
from ._xml import Element

DISCRETE = ("discrete", "integer")


def issues_of(root: Element, where: str) -> Issues:
    """The issues of a domain, in order of their index."""
    found: dict[str, tuple[str, ...]] = {}
    for element in _issues(root, where):
        with at(where, element.line):
            name = _given(element, "name")
            if name in found:
                raise InputError(f"the issue {name!r} stands twice.", "", "Give each its own name.")
            found[name] = _options(element, name)
    if not found:
        raise InputError(f"{where}: there are no issues.", "A domain has <issue> elements.", "Give a Genius domain.")
    return found


def profile_of(root: Element, where: str, name: str, issues: Issues) -> Profile:
    """A party's profile: weights by the index of the issue, a value for each option."""
    elements = {}
    for element in _issues(root, where):
        with at(where, element.line):
            elements[_given(element, "name")] = element
    if set(elements) != set(issues):
        odd = sorted(set(elements) ^ set(issues))
        raise InputError(
            f"{where}: only one of profile and domain has {listed(odd)}.", do="Give profiles of this domain."
        )
    weights = {}
    for element in root.all("weight"):
        with at(where, element.line):
            index = _given(element, "index")
            if index in weights:
                raise InputError(f"the weight of issue {index} stands twice.", "", "Keep one.")
            weights[index] = amount(_given(element, "value"), "weight")
    rows, values = [], []
    for issue, options in issues.items():
        element = elements[issue]
        with at(where, element.line):
            index = _given(element, "index")
            if index not in weights:
                raise InputError(f"issue {issue!r} has no weight.", "", f'Add <weight index="{index}" value="…"/>.')
            rows.append(weights[index])
            values.append(_values(element, issue, options))
    reservation = [one.given.get("value") for one in root.all("reservation")]
    discount = [one.given.get("value") for one in root.all("discount_factor")]
    with at(where):
        kept = finite_or_least(reservation[0] if reservation else None)
        shrinks = amount(discount[0], "discount factor") if discount else 1.0
    return Profile(name, kept, tuple(rows), tuple(values), discount=shrinks)


def domain_text(negotiation: Negotiation) -> str:
    """A domain that NegMAS and Genius read."""
    lines = []
    for k, (name, options) in enumerate(zip(negotiation.issues, negotiation.options, strict=True), 1):
        head = f'<issue etype="discrete" index="{k}" name={quoteattr(name)} type="discrete" vtype="discrete">'
        items = (f'<item index="{j}" value={quoteattr(one)}/>' for j, one in enumerate(options, 1))
        lines += [head, *(f"  {item}" for item in items), "</issue>"]
    inner = "\n".join(f"    {line}" for line in lines)
    name = quoteattr(negotiation.name)
    return (
        f'<negotiation_template>\n<utility_space number_of_issues="{len(negotiation.issues)}">\n'
        f'  <objective description="" etype="objective" index="0" name={name} type="objective">\n'
        f"{inner}\n  </objective>\n</utility_space>\n</negotiation_template>\n"
    )


def profile_texts(negotiation: Negotiation) -> list[str]:
    """The profile of each party."""
    texts = []
    for party, (weights, values) in enumerate(parts_of(negotiation)):
        lines = []
        for k, (name, options) in enumerate(zip(negotiation.issues, negotiation.options, strict=True)):
            head = f'<issue etype="discrete" index="{k + 1}" name={quoteattr(name)} type="discrete" vtype="discrete">'
            items = (
                f'  <item evaluation="{written(value)}" index="{j}" value={quoteattr(one)}/>'
                for j, (one, value) in enumerate(zip(options, values[k], strict=True), 1)
            )
            lines += [head, *items, "</issue>"]
        lines += [f'<weight index="{k}" value="{written(weight)}"/>' for k, weight in enumerate(weights, 1)]
        inner = "\n".join(f"    {line}" for line in lines)
        texts.append(
            f'<utility_space number_of_issues="{len(negotiation.issues)}">\n'
            f'  <objective description="" etype="objective" index="0" name="any" type="objective">\n{inner}\n'
            f'  </objective>\n  <discount_factor value="{written(negotiation.discounts[party])}"/>\n'
            f'  <reservation value="{written(negotiation.reservations[party])}"/>\n</utility_space>\n'
        )
    return texts


def _issues(root: Element, where: str) -> list[Element]:
    found = list(root.all("issue"))
    keys = []
    for element in found:
        with at(where, element.line):
            keys.append(amount(_given(element, "index"), "index"))
    return [element for _, element in sorted(zip(keys, found, strict=True), key=lambda one: one[0])]


def _options(element: Element, name: str) -> tuple[str, ...]:
    kind = element.given.get("vtype", element.given.get("type", "discrete"))
    if kind not in DISCRETE:
        raise InputError(f"issue {name!r} is {kind!r}.", "Only discrete and integer issues are read.", "List options.")
    items = [_given(item, "value") for item in element.all("item")]
    if items:
        if len(set(items)) < len(items):
            raise InputError(f"two options of issue {name!r} are alike.", "", "Give each its own name.")
        return tuple(items)
    ends = next((one for one in (element, *element.all("range")) if "lowerbound" in one.given), None)
    if ends is None:
        raise InputError(f"issue {name!r} has no options.", "", "Give <item> elements, or bounds of whole numbers.")
    return whole_range(ends.given["lowerbound"], _given(ends, "upperbound"), name)


def _values(element: Element, issue: str, options: tuple[str, ...]) -> tuple[float, ...]:
    straight = next(element.all("evaluator"), None)
    if straight is None:
        items = list(element.all("item"))
        given = {_given(item, "value"): amount(_given(item, "evaluation"), "evaluation") for item in items}
        if len(given) < len(items):
            raise InputError(f"an option of issue {issue!r} stands twice.", "", "Keep one.")
        return ordered(options, given, issue)
    if straight.given.get("ftype") != "linear":
        kind = straight.given.get("ftype")
        raise InputError(f"issue {issue!r} is valued by {kind!r}.", "Only lists of values and linear ones are read.")
    start, slope = (amount(_given(straight, f"parameter{k}"), f"parameter{k}") for k in range(2))
    return tuple(start + slope * amount(one, f"option of {issue!r}") for one in options)


def _given(element: Element, name: str) -> str:
    if name not in element.given:
        raise InputError(f"<{element.tag}> has no {name}.", f"It has {listed(element.given) or 'nothing'}.", "Add it.")
    return element.given[name]
